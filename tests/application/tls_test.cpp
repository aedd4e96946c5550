#include <memory>
#include <stdexcept>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "flamigo/application/application.hpp"
#include "flamigo/error/error.hpp"
#include "support/quiet_log.hpp"
#include "support/tls_files.hpp"

using namespace flamigo;

namespace {

std::unique_ptr<configuration> secure(const test::tls_files& files) {
  auto result = std::make_unique<configuration>();
  result->server.port = 0;
  result->server.tls = files.options;
  result->server.tls.port = 0;
  result->log_level = log::level::off;
  return result;
}

} // namespace

TEST_CASE("a program listens for TLS beside the plain port, or only") {
  test::tls_files files;
  {
    application app{secure(files)};
    app.start();
    CHECK(app.port() != 0);
    CHECK(app.tls_port() != 0);
    CHECK(app.port() != app.tls_port());
  }
  auto config = secure(files);
  config->server.tls.only = true;
  application app{std::move(config)};
  app.start();
  CHECK(app.tls_port() != 0);
  CHECK(app.port() == app.tls_port());
}

TEST_CASE("a program without good certificates does not start, and may again") {
  test::tls_files files;
  auto good = files.files.read("server.pem");
  files.files.write("server.pem", "nothing");
  application app{secure(files)};
  CHECK_THROWS_MATCHES(
    app.start(), std::runtime_error,
    Catch::Matchers::MessageMatches(Catch::Matchers::ContainsSubstring(
      "server.pem holds no certificate in PEM")));
  CHECK(app.tls_port() == 0);
  files.files.write("server.pem", good);
  app.start();
  CHECK(app.tls_port() != 0);
}

TEST_CASE("a program reads its certificates again when it is told to") {
  test::tls_files files;
  application app{secure(files)};
  CHECK_FALSE(app.reload_certificates());
  app.start();
  CHECK_FALSE(app.reload_certificates());
  files.files.write("server.pem", "nothing");
  CHECK(public_message(app.reload_certificates())
          .find("holds no certificate in PEM")
        != std::string::npos);
}

TEST_CASE("a port for TLS that is taken is named") {
  test::tls_files files;
  application first{secure(files)};
  first.start();
  auto config = secure(files);
  config->server.tls.port = first.tls_port();
  application second{std::move(config)};
  CHECK_THROWS_MATCHES(
    second.start(), std::system_error,
    Catch::Matchers::MessageMatches(Catch::Matchers::ContainsSubstring(
      "choose another --host or --tls-port")));
}
