// SPDX-License-Identifier: MIT
// `tamis pw`: makes the stored form of a password, or verifies one. Options, output and exit codes
// are those of `doveadm pw` (compat 7.2). A password is never part of an error.
#include "auth/password_scheme.h"
#include "auth/secret/secret_bytes.h"
#include "base/text.h"
#include "bin/tamis.h"
#include "bin/terminal_password.h"

#include <cstdio>
#include <cstring>
#include <getopt.h>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>

namespace bin {
namespace {

constexpr int usage_error = 64;
constexpr int failure = 75;
constexpr int passwords_differ = 1;
constexpr unsigned most_questions = 3;
constexpr std::string_view usual_scheme = "CRYPT";

constexpr const char* usage =
    "usage: tamis pw [-p PASSWORD] [-r ROUNDS] [-s SCHEME] [-u USER] [-V]\n"
    "       tamis pw -t HASH [-p PASSWORD] [-u USER]\n"
    "       tamis pw -l\n"
    "  -l  the schemes                -s  scheme, CRYPT by default; .HEX or .B64 may follow it\n"
    "  -p  the password               -r  rounds, of schemes that have them\n"
    "  -t  verify this hash           -u  user name, which DIGEST-MD5 needs\n"
    "  -V  verify what was made\n";

constexpr int help_option = 256;
constexpr struct option long_options[] = {{"help", no_argument, nullptr, help_option},
                                          {nullptr, 0, nullptr, 0}};

struct Arguments {
    bool help = false;
    bool list = false;
    bool verify = false;
    std::optional<std::string> hash;
    std::optional<std::string> password;
    std::optional<std::string> user;
    std::string scheme{usual_scheme};
    unsigned rounds = 0;
    int exit_code = 0;  // not 0: end with it
};

int fatal(const std::string& text) {
    std::fprintf(stderr, "Fatal: %s\n", text.c_str());
    return failure;
}

// A word that stood on the command line is overwritten there, so that process listings do not go on
// showing it.
std::string take_secret(char* word) {
    std::string text = word;
    std::memset(word, '*', text.size());
    return text;
}

Arguments read_arguments(int argc, char** argv) {
    Arguments arguments;
    int option = 0;
    ::optind = 1;
    while ((option = ::getopt_long(argc, argv, "+lp:r:s:t:u:V", long_options, nullptr)) != -1) {
        switch (option) {
            case 'l':
                arguments.list = true;
                break;
            case 'p':
                arguments.password = take_secret(::optarg);
                break;
            case 'r':
                if (auto rounds = base::parse_number<unsigned>(::optarg)) {
                    arguments.rounds = *rounds;
                } else {
                    arguments.exit_code =
                        fatal("Invalid number of rounds: " + base::printable(::optarg));
                    return arguments;
                }
                break;
            case 's':
                arguments.scheme = base::to_upper(::optarg);
                break;
            case 't':
                arguments.hash = ::optarg;
                break;
            case 'u':
                arguments.user = ::optarg;
                break;
            case 'V':
                arguments.verify = true;
                break;
            case help_option:
                arguments.help = true;
                return arguments;
            default:
                std::fputs(usage, stderr);
                arguments.exit_code = usage_error;
                return arguments;
        }
    }
    if (::optind < argc) {
        std::fprintf(stderr, "Error: Extraneous arguments found: %s\n",
                     base::printable(argv[::optind]).c_str());
        arguments.exit_code = usage_error;
    }
    return arguments;
}

int list_schemes() {
    for (std::string_view name : auth::scheme_names())
        std::printf("%.*s ", static_cast<int>(name.size()), name.data());
    std::putchar('\n');
    return 0;
}

// Asks until both answers are the same. Not 0: the exit code.
int ask_new_password(std::string& password) {
    for (unsigned question = 0; question < most_questions; ++question) {
        auto first = ask_password("Enter new password: ");
        auto second = first ? ask_password("Retype new password: ") : std::nullopt;
        if (!second) return fatal("no password was given");
        if (auth::same_secret(*first, *second)) {
            password = *first;
            return 0;
        }
        std::fputs("Error: Passwords don't match!\n", stderr);
    }
    return passwords_differ;
}

int verify(const auth::StoredPassword& stored, std::string_view password,
           const std::optional<std::string>& user) {
    auto decoded = auth::decode(stored);
    if (!decoded) return fatal("reverse decode check failed: " + decoded.error());
    auth::Verification result = auth::verify(*decoded, password, {.user = user});
    if (!result.matches())
        return fatal("reverse password verification check failed: " + result.text);
    std::printf("{%s}%s (verified)\n", stored.scheme.c_str(), stored.data.c_str());
    return 0;
}

int verify_hash(const Arguments& arguments) {
    // Before the question: the answer would be for nothing.
    if (!auth::is_known_scheme(arguments.scheme))
        return fatal("Unknown scheme: " + base::printable(arguments.scheme));
    auto stored = auth::split_scheme(*arguments.hash);
    if (!stored) return fatal("Missing {scheme} prefix from hash");
    if (!arguments.user && auth::same_scheme(stored->scheme, "DIGEST-MD5"))
        return fatal("digest_md5_generate(): username not given");
    auto password =
        arguments.password ? arguments.password : ask_password("Enter password to verify: ");
    if (!password) return fatal("no password was given");
    return verify(*stored, *password, arguments.user);
}

int generate(const Arguments& arguments) {
    std::string password;
    if (arguments.password) {
        password = *arguments.password;
    } else {
        if (!auth::is_known_scheme(arguments.scheme))
            return fatal("Unknown scheme: " + base::printable(arguments.scheme));
        if (int code = ask_new_password(password)) return code;
    }
    auto data = auth::generate(arguments.scheme, password,
                               {.user = arguments.user, .rounds = arguments.rounds});
    if (!data) return fatal(base::printable(data.error()));
    int code = 0;
    if (arguments.verify) {
        code = verify({arguments.scheme, *data}, password, arguments.user);
    } else {
        std::printf("{%s}%s\n", arguments.scheme.c_str(), data->c_str());
    }
    auth::wipe(password);
    return code;
}

}  // namespace

int tamis_pw(int argc, char** argv) {
    Arguments arguments = read_arguments(argc, argv);
    if (arguments.exit_code != 0) return arguments.exit_code;
    if (arguments.help) return std::fputs(usage, stdout) < 0 ? failure : 0;
    int code = arguments.list   ? list_schemes()
               : arguments.hash ? verify_hash(arguments)
                                : generate(arguments);
    if (arguments.password) auth::wipe(*arguments.password);
    if (std::fflush(stdout) != 0) return fatal("standard output cannot be written");
    return code;
}

}  // namespace bin
