// SPDX-License-Identifier: MIT
// How the table makes each mechanism: one function a family, which knows by `info` what it is to
// be. For table.cpp only.
#pragma once

#include "auth/sasl/mechanism.h"

#include <memory>

namespace auth::sasl {

using Made = std::unique_ptr<Mechanism>;
using Shared = std::shared_ptr<const Settings>;

Made make_plain(const MechanismInfo& info, Shared settings, Peer peer);
Made make_login(const MechanismInfo& info, Shared settings, Peer peer);
Made make_cram_md5(const MechanismInfo& info, Shared settings, Peer peer);
Made make_apop(const MechanismInfo& info, Shared settings, Peer peer);
Made make_digest_md5(const MechanismInfo& info, Shared settings, Peer peer);
Made make_scram_sha_1(const MechanismInfo& info, Shared settings, Peer peer);
Made make_scram_sha_256(const MechanismInfo& info, Shared settings, Peer peer);
Made make_external(const MechanismInfo& info, Shared settings, Peer peer);
Made make_anonymous(const MechanismInfo& info, Shared settings, Peer peer);
Made make_oauthbearer(const MechanismInfo& info, Shared settings, Peer peer);
Made make_xoauth2(const MechanismInfo& info, Shared settings, Peer peer);

}  // namespace auth::sasl
