// SPDX-License-Identifier: MIT
#include "deliver/edited_message.h"

#include "base/spool.h"
#include "deliver/replaced_message.h"
#include "deliver/task.h"
#include "mail/compose.h"
#include "mail/header_edit.h"
#include "store/content.h"

#include <variant>

namespace deliver {
namespace {

std::string edited_header(const SieveMessage& before, std::span<const sieve::Edit> edits) {
    mail::HeaderEditor editor(before.fields(), before.header_bytes());
    for (const sieve::Edit& edit : edits) {
        if (const auto* gone = std::get_if<sieve::DeleteFields>(&edit)) {
            editor.remove(gone->name, gone->which);
        } else if (const auto* added = std::get_if<sieve::AddField>(&edit)) {
            std::string lines = mail::text_field(added->name, added->value);
            if (added->last)
                editor.add_last(added->name, std::move(lines));
            else
                editor.add_first(added->name, std::move(lines));
        }
    }
    return editor.text();
}

const SieveMessage& own(const sieve::Message& message) {
    return static_cast<const SieveMessage&>(message);
}

}  // namespace

EditedMessage::EditedMessage(const SieveMessage& before, std::span<const sieve::Edit> edits)
    : SieveMessage(before.original()),
      header_text_(edited_header(before, edits)),
      header_block_(header_text_) {
    if (const auto* earlier = dynamic_cast<const EditedMessage*>(&before)) whole_ = earlier->whole_;
    use_header(header_block_, header_text_);
}

EditedMessage::EditedMessage(std::shared_ptr<const WholeMessage> whole)
    : SieveMessage(whole->message), whole_(std::move(whole)) {}

sieve::Edited SieveHost::edited(const sieve::Message& before,
                                std::span<const sieve::Edit> edits) const {
    if (edits.size() == 1) {
        std::shared_ptr<const WholeMessage> whole;
        if (const auto* replace = std::get_if<sieve::ReplacePart>(&edits[0]))
            whole = replaced(own(before), *replace, world_.spool_limits);
        else if (const auto* enclose = std::get_if<sieve::Enclose>(&edits[0]))
            whole =
                enclosed(own(before), *enclose,
                         {world_.own_address,
                          environment("host").value_or("localhost"),
                          {.unix_seconds = now_.unix_seconds, .zone_minutes = now_.zone_minutes}},
                         world_.spool_limits);
        if (whole) {
            const std::uint64_t cost = whole->spool.size();
            return {std::make_shared<EditedMessage>(std::move(whole)), cost};
        }
    }
    auto message = std::make_shared<EditedMessage>(own(before), edits);
    const std::uint64_t cost = message->header_bytes().size();
    return {std::move(message), cost};
}

MessageText text_of(const mail::Message& original,
                    const std::shared_ptr<const sieve::Message>& edited) {
    const auto text = [](const mail::Message& body_of, const mail::HeaderBlock& header,
                         std::string_view header_bytes) {
        return MessageText{header, header_bytes,
                           body_of.bytes().substr(body_of.header_bytes().size())};
    };
    if (edited == nullptr) return text(original, original.header(), original.header_bytes());
    const SieveMessage& message = own(*edited);
    return text(message.original(), message.fields(), message.header_bytes());
}

store::Content content_of(const Task& task, const std::shared_ptr<const sieve::Message>& edited) {
    if (edited == nullptr) return store::Content(task.spool);
    const auto& message = static_cast<const EditedMessage&>(*edited);
    store::Content content;
    content.add(message.header_bytes());
    content.add(message.whole() ? message.whole()->spool : task.spool,
                message.original().header_bytes().size());
    return content;
}

}  // namespace deliver
