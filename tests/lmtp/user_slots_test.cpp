// SPDX-License-Identifier: MIT
#include "lmtp/user_slots.h"

TEST_CASE("a user has as many slots as the limit says, and gets them back") {
    auto slots = lmtp::UserSlots::create();
    auto first = slots->take("jdoe", 2);
    auto second = slots->take("jdoe", 2);
    CHECK(first);
    CHECK(second);
    CHECK_FALSE(slots->take("jdoe", 2));
    CHECK(slots->take("bob", 2));  // and given back at once
    first.give_back();
    first.give_back();
    auto third = slots->take("jdoe", 2);
    CHECK(third);
    CHECK_FALSE(slots->take("jdoe", 2));
    third = std::move(second);  // gives its own back
    CHECK(slots->take("jdoe", 2));
}

TEST_CASE("slots outlive who made them") {
    lmtp::UserSlots::Slot slot;
    {
        auto slots = lmtp::UserSlots::create();
        slot = slots->take("jdoe", 1);
    }
    CHECK(slot);
    slot.give_back();
    CHECK_FALSE(slot);
}
