// SPDX-License-Identifier: MIT
// A message as scripts have changed it: a header of its own over the body that came (RFC 5293), of
// which nothing is copied; or another message in its place (vnd.dovecot.filter). Made by SieveHost;
// actions keep the version that they are about.
#pragma once

#include "base/spool.h"
#include "deliver/sieve_message.h"
#include "sieve/edit.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace store {
class Content;
}

namespace deliver {

struct Task;

// A message with octets of its own.
struct WholeMessage {
    explicit WholeMessage(base::Spool sealed) : spool(std::move(sealed)), message(spool.view()) {}
    base::Spool spool;
    mail::Message message;
};

class EditedMessage final : public SieveMessage {
  public:
    // The body stays where `before` has it: the message as it came outlives this, another one is
    // kept.
    EditedMessage(const SieveMessage& before, std::span<const sieve::Edit> edits);
    explicit EditedMessage(std::shared_ptr<const WholeMessage> whole);

    // Absent: the body is that of the message as it came.
    const std::shared_ptr<const WholeMessage>& whole() const { return whole_; }

  private:
    std::shared_ptr<const WholeMessage> whole_;
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
