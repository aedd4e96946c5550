#include "flamigo/tls/detail/tls_context.hpp"

#include <openssl/err.h>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "support/temporary_directory.hpp"
#include "support/test_authority.hpp"

using namespace flamigo;

namespace {

/// Files of a server, and what is said of them.
struct fixture {
  std::string path(const std::string& name) const {
    return (files.path() / name).string();
  }

  std::string complaint(const tls_options& options) const {
    auto made = detail::tls_context::make(options);
    // Nobody is told of it afterwards.
    CHECK(ERR_peek_error() == 0);
    if (made)
      return {};
    auto text = public_message(made.error());
    // Which is another one each time.
    auto where = files.path().string() + "/";
    for (auto i = text.find(where); i != text.npos; i = text.find(where))
      text.erase(i, where.size());
    return text;
  }

  std::string complaint_of(const std::string& certificate,
                           const std::string& key) const {
    files.write("chain.pem", certificate);
    files.write("key.pem", key);
    return complaint(
      {.certificates = {path("chain.pem")}, .keys = {path("key.pem")}});
  }

  test::temporary_directory files;
  test::test_authority authority;
};

} // namespace

TEST_CASE("a certificate and its key stand in two files or in one") {
  fixture f;
  auto issued = f.authority.issue();
  CHECK(f.complaint_of(issued.certificate, issued.key).empty());
  CHECK(
    f.complaint_of(issued.certificate + f.authority.pem(), issued.key).empty());
  f.files.write("both.pem", issued.both());
  CHECK(f.complaint({.certificates = {f.path("both.pem")}}).empty());
}

TEST_CASE("of a certificate that cannot be used one sentence says why") {
  fixture f;
  auto good = f.authority.issue();
  CHECK(f.complaint({.certificates = {f.path("nothing.pem")}})
        == "tls: nothing.pem cannot be read: No such file or directory");
  CHECK(f.complaint({.certificates = {f.files.path().string()}})
          .find(" holds no certificate in PEM")
        != std::string::npos);
  CHECK(f.complaint_of("not PEM", good.key)
        == "tls: chain.pem holds no certificate in PEM (-----BEGIN "
           "CERTIFICATE-----)");
  CHECK(f.complaint_of(good.key, good.key)
        == "tls: chain.pem holds no certificate in PEM (-----BEGIN "
           "CERTIFICATE-----)");
  CHECK(f.complaint_of(good.certificate, good.certificate)
        == "tls: key.pem holds no private key in PEM (-----BEGIN PRIVATE "
           "KEY-----)");
  CHECK(f.complaint_of(good.certificate, f.authority.issue().key)
        == "tls: key.pem holds another key than that of the certificate in "
           "chain.pem");
  CHECK(f.complaint_of(good.certificate, f.authority.issue({.rsa = true}).key)
        == "tls: key.pem holds another key than that of the certificate in "
           "chain.pem");
  auto cut = good.certificate.substr(0, good.certificate.size() / 2);
  CHECK_FALSE(f.complaint_of(good.certificate + cut, good.key).empty());
  auto old = f.authority.issue({.days = -1});
  CHECK(f.complaint_of(old.certificate, old.key)
          .starts_with("tls: chain.pem holds a certificate that expired at 2"));
  auto early = f.authority.issue({.begins_in_days = 2});
  CHECK(f.complaint_of(early.certificate, early.key)
          .starts_with(
            "tls: chain.pem holds a certificate that is not valid before 2"));
}

TEST_CASE("nobody is asked for the password of a key") {
  fixture f;
  auto good = f.authority.issue();
  detail::openssl_ptr<EVP_PKEY> key{EVP_EC_gen("P-256")};
  auto locked = test::test_authority::pem_of(key.get(), EVP_aes_256_cbc());
  CHECK(f.complaint_of(good.certificate, locked)
        == "tls: key.pem holds a private key with a password; `openssl pkey` "
           "takes it off");
}

TEST_CASE("authorities of clients are checked, too") {
  fixture f;
  f.files.write("both.pem", f.authority.issue().both());
  f.files.write("ca.pem", "nothing");
  tls_options options{.certificates = {f.path("both.pem")},
                      .client_ca = f.path("ca.pem")};
  CHECK(f.complaint(options).starts_with(
    "tls: ca.pem holds no authorities in PEM: "));
  f.files.write("ca.pem", f.authority.pem());
  CHECK(f.complaint(options).empty());
}
