// SPDX-License-Identifier: MIT
#include "bin/source_mailbox.h"

#include "base/file.h"
#include "base/text.h"
#include "bin/sieve_test_mail.h"
#include "mail/message.h"
#include "mail/message_id.h"

#include <cstdio>
#include <system_error>
#include <utility>

namespace bin {
namespace {

constexpr std::size_t max_message_bytes = std::size_t{1} << 31;

store::Storage make_storage(store::Disk& disk, const SieveSetUp& setup, int status) {
    auto made = store::Storage::make(disk, setup.settings->storage);
    if (!made) throw ToolFailure{status, made.error().text};
    return std::move(made).value();
}

}  // namespace

SourceMailbox::SourceMailbox(const SieveSetUp& setup, const std::string& name, int bad_storage,
                             int missing)
    : storage_(make_storage(disk_.disk(), setup, bad_storage)),
      mailbox_(open(name, "source mailbox", missing, store::CreateMailbox::never)) {}

store::Mailbox SourceMailbox::open(const std::string& name, const char* what, int missing,
                                   store::CreateMailbox create) {
    auto opened = storage_.open(name, create);
    if (!opened)
        throw ToolFailure{missing, std::string("Couldn't open ") + what + " '" + name +
                                       "': " + opened.error().text};
    return std::move(opened).value();
}

std::vector<store::StoredMessage> SourceMailbox::messages() {
    std::vector<store::StoredMessage> messages = store::stored_messages(disk_.disk(), mailbox_);
    std::erase_if(messages, [](const store::StoredMessage& message) {
        return message.letters.find('T') != std::string::npos;
    });
    return messages;
}

sieve::Decided SourceMailbox::begin(const store::StoredMessage& file) {
    sieve::Decided before;
    before.internal_flags = {true, store::flag_names(disk_.disk(), mailbox_, file)};
    return before;
}

std::size_t SourceMailbox::for_each(const std::vector<store::StoredMessage>& files,
                                    const Each& each) {
    std::size_t failed = 0;
    for (const store::StoredMessage& file : files) {
        try {
            const auto found = store::find_message(disk_.disk(), mailbox_, file);
            if (!found) continue;
            const auto bytes = base::read_file(found->path, max_message_bytes);
            if (!bytes) continue;
            const mail::Message message(*bytes);
            const deliver::Envelope envelope = test_envelope({}, message);
            const auto id = message.header().first("Message-ID");
            const FilteredMessage filtered{
                *found, message, envelope,
                id ? mail::message_id_text(*id) : std::string("unspecified")};
            each({filtered, *bytes});
        } catch (const std::system_error& error) {
            ++failed;
            std::fflush(stdout);
            std::fprintf(stderr, "error: %s: %s; message left in source mailbox.\n",
                         base::printable(file.base_name).c_str(), error.what());
        }
    }
    return failed;
}

}  // namespace bin
