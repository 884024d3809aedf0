// SPDX-License-Identifier: MIT
#include "net/tls.h"

#include "tests/net/test_certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace {

std::string text_of(BIO* bio) {
    char* data = nullptr;
    long size = ::BIO_get_mem_data(bio, &data);
    std::string text(data, static_cast<std::size_t>(size));
    ::BIO_free(bio);
    return text;
}

}  // namespace

TestCertificate make_test_certificate() {
    EVP_PKEY* key = ::EVP_EC_gen("P-256");
    X509* certificate = ::X509_new();
    ::X509_set_version(certificate, 2);
    ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate), 1);
    ::X509_gmtime_adj(::X509_getm_notBefore(certificate), -3600);
    ::X509_gmtime_adj(::X509_getm_notAfter(certificate), 3600);
    ::X509_set_pubkey(certificate, key);
    X509_NAME* name = ::X509_get_subject_name(certificate);
    ::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                 reinterpret_cast<const unsigned char*>("mx.test"), -1, -1, 0);
    ::X509_set_issuer_name(certificate, name);
    ::X509_sign(certificate, key, ::EVP_sha256());
    TestCertificate made;
    BIO* bio = ::BIO_new(::BIO_s_mem());
    ::PEM_write_bio_X509(bio, certificate);
    made.certificate = text_of(bio);
    bio = ::BIO_new(::BIO_s_mem());
    ::PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    made.key = text_of(bio);
    ::X509_free(certificate);
    ::EVP_PKEY_free(key);
    return made;
}

TEST_CASE("a certificate with its key makes a context, anything else is named in Dovecot's words") {
    TestCertificate made = make_test_certificate();
    net::TlsSettings settings;
    settings.certificate = made.certificate + made.certificate;  // a chain
    settings.key = made.key;
    CHECK_NOTHROW(net::TlsContext(settings));

    settings.certificate = "not PEM";
    CHECK_THROWS_WITH(net::TlsContext(settings),
                      Catch::StartsWith("Can't load SSL certificate (ssl_cert setting): "));
    settings.certificate = made.certificate;
    settings.key = "";
    CHECK_THROWS_WITH(net::TlsContext(settings),
                      Catch::StartsWith("Can't load SSL private key (ssl_key setting): "));
    settings.key = make_test_certificate().key;
    CHECK_THROWS_WITH(net::TlsContext(settings), Catch::Contains("ssl_key setting"));
    settings.key = made.key;
    settings.min_protocol = "SSLv2";
    CHECK_THROWS_WITH(net::TlsContext(settings), Catch::Contains("ssl_min_protocol"));
    settings.min_protocol = "";
    settings.cipher_list = "NONSENSE";
    CHECK_THROWS_WITH(net::TlsContext(settings), Catch::Contains("cipher list"));
}
