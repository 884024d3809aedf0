// SPDX-License-Identifier: MIT
// The parts of Boost.Asio that net/ uses, included in the one order that works: awaitable.hpp of
// Boost 1.74 uses std::exchange without <utility>. Only net/ includes this.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace net {
namespace asio = boost::asio;
}
