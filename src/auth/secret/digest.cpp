// SPDX-License-Identifier: MIT
#include "auth/secret/digest.h"

#include <cstdint>
#include <nettle/hmac.h>
#include <nettle/md4.h>
#include <nettle/md5.h>
#include <nettle/nettle-meta.h>
#include <nettle/pbkdf2.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdexcept>

namespace auth {
namespace {

union Context {
    md4_ctx md4;
    md5_ctx md5;
    sha1_ctx sha1;
    sha256_ctx sha256;
    sha512_ctx sha512;
};

const nettle_hash& hash_of(Digest algorithm) {
    switch (algorithm) {
        case Digest::md4:
            return nettle_md4;
        case Digest::md5:
            return nettle_md5;
        case Digest::sha1:
            return nettle_sha1;
        case Digest::sha256:
            return nettle_sha256;
        case Digest::sha512:
            return nettle_sha512;
    }
    throw std::logic_error("digest that is none");
}

const std::uint8_t* bytes(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}
std::uint8_t* bytes(std::string& text) {
    return reinterpret_cast<std::uint8_t*>(text.data());
}

// The three contexts that nettle's generic HMAC and PBKDF2 work on.
class HmacContext {
  public:
    HmacContext(const nettle_hash& hash, std::string_view key) : hash_(hash) {
        ::hmac_set_key(&outer_, &inner_, &state_, &hash_, key.size(), bytes(key));
    }
    void update(std::string_view text) { hash_.update(&state_, text.size(), bytes(text)); }
    void finish(std::size_t length, std::uint8_t* out) {
        ::hmac_digest(&outer_, &inner_, &state_, &hash_, length, out);
    }
    static void update(void* self, std::size_t length, const std::uint8_t* data) {
        auto& mac = *static_cast<HmacContext*>(self);
        mac.hash_.update(&mac.state_, length, data);
    }
    static void finish(void* self, std::size_t length, std::uint8_t* out) {
        static_cast<HmacContext*>(self)->finish(length, out);
    }

  private:
    const nettle_hash& hash_;
    Context outer_;
    Context inner_;
    Context state_;
};

// One block of MD5 over the key, padded with zeros, XOR `pad`: the state, without finishing.
void append_pad_state(std::string& out, std::string_view key, char pad) {
    std::string block(MD5_BLOCK_SIZE, pad);
    for (std::size_t i = 0; i < key.size(); ++i)
        block[i] = static_cast<char>(block[i] ^ key[i]);
    md5_ctx context;
    ::md5_init(&context);
    ::md5_update(&context, block.size(), bytes(block));
    for (std::uint32_t word : context.state) {
        for (unsigned shift = 0; shift < 32; shift += 8)
            out += static_cast<char>(word >> shift & 0xff);
    }
}

// MD5 going on from a state after one block, to the end of the text.
std::string finish_from(std::string_view state, std::string_view text) {
    md5_ctx context;
    ::md5_init(&context);
    for (std::size_t word = 0; word < 4; ++word) {
        std::uint32_t value = 0;
        for (std::size_t byte = 4; byte-- > 0;)
            value = value << 8 | static_cast<unsigned char>(state[word * 4 + byte]);
        context.state[word] = value;
    }
    context.count = 1;  // blocks
    ::md5_update(&context, text.size(), bytes(text));
    std::string out(MD5_DIGEST_SIZE, '\0');
    ::md5_digest(&context, out.size(), bytes(out));
    return out;
}

}  // namespace

std::size_t digest_bytes(Digest algorithm) {
    return hash_of(algorithm).digest_size;
}

std::string digest(Digest algorithm, std::initializer_list<std::string_view> parts) {
    const nettle_hash& hash = hash_of(algorithm);
    Context context;
    hash.init(&context);
    for (std::string_view part : parts)
        hash.update(&context, part.size(), bytes(part));
    std::string out(hash.digest_size, '\0');
    hash.digest(&context, out.size(), bytes(out));
    return out;
}

std::string hmac(Digest algorithm, std::string_view key, std::string_view text) {
    HmacContext mac(hash_of(algorithm), key);
    mac.update(text);
    std::string out(digest_bytes(algorithm), '\0');
    mac.finish(out.size(), bytes(out));
    return out;
}

std::string derive_key(Digest algorithm, std::string_view password, std::string_view salt,
                       unsigned iterations) {
    HmacContext mac(hash_of(algorithm), password);
    std::string out(digest_bytes(algorithm), '\0');
    ::nettle_pbkdf2(&mac, HmacContext::update, HmacContext::finish, out.size(), iterations,
                    salt.size(), bytes(salt), out.size(), bytes(out));
    return out;
}

std::string cram_md5_states(std::string_view password) {
    std::string shortened;
    if (password.size() > MD5_BLOCK_SIZE) {
        shortened = digest(Digest::md5, {password});
        password = shortened;
    }
    std::string out;
    append_pad_state(out, password, '\x5c');
    append_pad_state(out, password, '\x36');
    return out;
}

std::string cram_md5_hmac(std::string_view states, std::string_view text) {
    if (states.size() != 2 * MD5_DIGEST_SIZE) throw std::logic_error("states that are none");
    const std::string inner = finish_from(states.substr(MD5_DIGEST_SIZE), text);
    return finish_from(states.substr(0, MD5_DIGEST_SIZE), inner);
}

}  // namespace auth
