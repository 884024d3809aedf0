// SPDX-License-Identifier: MIT
// A message as scripts have edited it (RFC 5293): a header of its own over the body that came.
// Nothing of the body is copied. Made by SieveHost; actions keep the version that they are about.
#pragma once

#include "deliver/sieve_message.h"
#include "sieve/edit.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace store {
class Content;
}

namespace deliver {

struct Task;

class EditedMessage final : public SieveMessage {
  public:
    // The body stays where `before` has it: whoever owns that outlives this.
    EditedMessage(const SieveMessage& before, std::span<const sieve::Edit> edits);

  private:
    std::string header_text_;
    mail::HeaderBlock header_block_;
};

// What an action works on, in two pieces: the header fields, and all from the empty line on.
struct MessageText {
    const mail::HeaderBlock& header;
    std::string_view header_bytes;
    std::string_view rest;
};
// `edited`: sieve::Action::message, made by SieveHost; absent: the message as it came.
MessageText text_of(const mail::Message& original,
                    const std::shared_ptr<const sieve::Message>& edited = nullptr);
// The same as a store writes it.
store::Content content_of(const Task& task, const std::shared_ptr<const sieve::Message>& edited);

}  // namespace deliver
