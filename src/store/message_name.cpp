// SPDX-License-Identifier: MIT
#include "store/message_name.h"

#include "base/error.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sys/random.h>
#include <unistd.h>

namespace store {
namespace {

constexpr std::int64_t micros_per_second = 1000000;

std::string escaped_host(std::string_view host) {
    std::string escaped;
    for (char c : host) {
        if (c == '/') {
            escaped += "\\057";
        } else if (c == ':') {
            escaped += "\\072";
        } else if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) {
            escaped += '_';  // white space ends a record in dovecot-uidlist
        } else {
            escaped += c;
        }
    }
    return escaped;
}

}  // namespace

MessageNames::MessageNames(const base::Clock& clock, std::string host, std::string random)
    : clock_(clock),
      host_(std::move(host)),
      tail_("P" + std::to_string(::getpid()) + "R" + random + "." + host_) {}

std::string MessageNames::next() {
    std::int64_t now = std::max<std::int64_t>(clock_.now().time_since_epoch().count(), 0);
    std::int64_t last = last_micros_.load(std::memory_order_relaxed);
    std::int64_t micros;
    do {
        micros = std::max(now, last + 1);
    } while (!last_micros_.compare_exchange_weak(last, micros, std::memory_order_relaxed));
    return std::to_string(micros / micros_per_second) + ".M" +
           std::to_string(micros % micros_per_second) + tail_;
}

std::string MessageNames::local_host() {
    constexpr std::string_view variable = "DOVECOT_HOSTNAME";
    if (const char* host = std::getenv(variable.data()); host && *host) return escaped_host(host);
    char host[256] = {};
    if (::gethostname(host, sizeof host - 1) != 0) base::throw_errno("gethostname");
    return host[0] == '\0' ? "localhost" : escaped_host(host);
}

std::string MessageNames::random_digits() {
    std::uint64_t bits = 0;
    if (::getrandom(&bits, sizeof bits, 0) != sizeof bits) base::throw_errno("getrandom");
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(bits));
    return text;
}

}  // namespace store
