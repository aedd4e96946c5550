// How a program proves to a real NATS server who it is, and the other way
// round.

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "cluster/nats_login.hpp"
#include "cluster/nats_server.hpp"
#include "cluster/program.hpp"
#include "support/quiet_log.hpp"
#include "support/temporary_directory.hpp"
#include "support/test_authority.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::at;
using test::comes_true;
using test::program;
using test::test_authority;

namespace {

bool gets_in(const program& who) {
  return comes_true([&] { return who.node->status().connected; });
}

/// Once it was told why not, it is not let in either.
bool stays_out(const program& who) {
  return comes_true([&] { return !who.node->status().reason.empty(); })
         && !comes_true([&] { return who.node->status().connected; }, 2s);
}

/// What the library does not: that it is about TLS.
bool says_why(const program& who) {
  return test::contains(who.node->status().reason, "TLS");
}

/// A program's options, with one more.
cluster_options with(std::string cluster_options::*option, std::string value) {
  auto result = at({});
  result.*option = std::move(value);
  return result;
}

struct tls_server {
  explicit tls_server(test_authority::wish what) {
    auto made = authority.issue(std::move(what));
    files.write("ca.pem", authority.pem());
    files.write("cert.pem", made.certificate);
    files.write("key.pem", made.key);
    files.write("other.pem", test_authority{"Another"}.pem());
    server.arguments(
      {"--tls", "--tlscert", path("cert.pem"), "--tlskey", path("key.pem")});
    server.start();
  }

  std::string path(const std::string& name) const {
    return (files.path() / name).string();
  }

  std::string url() const {
    return "tls://" + server.url().substr(7);
  }

  test_authority authority;
  test::temporary_directory files;
  test::nats_server server;
};

} // namespace

TEST_CASE("a user of NATS has a password") {
  test::quiet_log quiet;
  test::nats_server server{{"--user", "node", "--pass", "s3cr3t"}};
  server.start();
  program right{server.url("node:s3cr3t")};
  program wrong{server.url("node:guess")};
  program nobody{server.url()};
  CHECK(gets_in(right));
  CHECK(stays_out(wrong));
  CHECK(stays_out(nobody));
}

TEST_CASE("a file of credentials has a JWT and an NKey") {
  test::quiet_log quiet;
  test::temporary_directory files;
  files.write("server.conf", test::nats_login::server_config());
  files.write("node.creds", test::nats_login::credentials());
  test::nats_server server{{"-c", (files.path() / "server.conf").string()}};
  server.start();
  program right{server.url(), with(&cluster_options::nats_credentials,
                                   (files.path() / "node.creds").string())};
  program nobody{server.url()};
  CHECK(gets_in(right));
  CHECK(stays_out(nobody));
}

TEST_CASE("a server's certificate is that of its authority") {
  test::quiet_log quiet;
  tls_server there{test_authority::wish{}};
  auto trusting = [&](const std::string& ca) {
    return with(&cluster_options::nats_ca, there.path(ca));
  };
  program right{there.url(), trusting("ca.pem")};
  program wrong{there.url(), trusting("other.pem")};
  CHECK(gets_in(right));
  CHECK(stays_out(wrong));
  CHECK(says_why(wrong));
}

TEST_CASE("a server without TLS is not talked to in the clear") {
  test::quiet_log quiet;
  test::nats_server there;
  there.start();
  program uut{"tls://" + there.url().substr(7)};
  CHECK(stays_out(uut));
  CHECK(says_why(uut));
}

TEST_CASE("a server's certificate has its name") {
  test::quiet_log quiet;
  test_authority::wish wish;
  wish.names = "DNS:other.example";
  tls_server there{wish};
  program uut{there.url(),
              with(&cluster_options::nats_ca, there.path("ca.pem"))};
  CHECK(stays_out(uut));
  CHECK(says_why(uut));
}
