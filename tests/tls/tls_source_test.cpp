#include "flamigo/tls/detail/tls_source.hpp"

#include <filesystem>
#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "support/log_capture.hpp"
#include "support/tls_files.hpp"

using namespace flamigo;

TEST_CASE("files that cannot be used are no source") {
  test::tls_files f;
  f.files.write("server.pem", "nothing");
  CHECK_THROWS_AS(detail::tls_source{f.options}, std::runtime_error);
}

TEST_CASE("certificates that have changed are read again") {
  test::log_capture log;
  test::tls_files f;
  detail::tls_source uut{f.options};
  auto first = uut.current();
  uut.look();
  CHECK(uut.current() == first);
  // Beside it and then in its place, as everybody should do it.
  f.files.write("new.pem", f.authority.issue().both());
  std::filesystem::rename(f.path("new.pem"), f.path("server.pem"));
  uut.look();
  CHECK(uut.current() == first);
  uut.look();
  auto second = uut.current();
  CHECK(second != first);
  uut.look();
  uut.look();
  CHECK(uut.current() == second);
  CHECK(log.count("the certificates have changed and were read again") == 1);
}

TEST_CASE("who writes a file slowly is waited for") {
  test::log_capture log;
  test::tls_files f;
  detail::tls_source uut{f.options};
  auto first = uut.current();
  auto next = f.authority.issue();
  f.files.write("server.pem", next.certificate);
  uut.look();
  f.files.write("server.pem", next.both());
  uut.look();
  CHECK(uut.current() == first);
  uut.look();
  CHECK(uut.current() != first);
  CHECK(log.count("cannot") == 0);
}

TEST_CASE("new certificates that cannot be used leave the old ones") {
  test::log_capture log;
  test::tls_files f;
  detail::tls_source uut{f.options};
  auto first = uut.current();
  f.files.write("server.pem", "nothing");
  for (int i = 0; i < 5; ++i)
    uut.look();
  CHECK(uut.current() == first);
  CHECK(log.count("holds no certificate in PEM") == 1);
  auto err = uut.reload();
  CHECK(public_message(err).starts_with("tls: "));
  CHECK(uut.current() == first);
  // And when they can be, there they are.
  f.files.write("server.pem", f.authority.issue().both());
  uut.look();
  uut.look();
  CHECK(uut.current() != first);
}
