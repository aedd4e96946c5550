#include "flamigo/io/detail/socket_poller.hpp"

#include <cstddef>

#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;

namespace {

struct counter final : detail::socket_poller::watcher {
  void on_ready(bool, bool) override {
    ++calls;
  }

  std::size_t calls = 0;
};

struct fixture {
  fixture() {
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    detail::error_code ec;
    poller.add(ends[0], who, ec);
    REQUIRE_FALSE(ec);
  }

  ~fixture() {
    ::close(ends[1]);
  }

  void write() {
    CHECK(::write(ends[1], "x", 1) == 1);
  }

  detail::net::io_context context;
  detail::socket_poller poller{context};
  counter who;
  int ends[2] = {};
};

} // namespace

TEST_CASE_METHOD(fixture, "a watcher is told as long as there is something") {
  CHECK(poller.dispatch() == 0);
  write();
  CHECK(poller.dispatch() == 1);
  CHECK(poller.dispatch() == 1);
  CHECK(who.calls == 2);
  poller.remove(ends[0], who);
  CHECK(poller.dispatch() == 0);
  ::close(ends[0]);
}

TEST_CASE_METHOD(fixture, "a socket that somebody else has as well is let go") {
  // As a child process has it that was just forked.
  auto copy = ::dup(ends[0]);
  poller.remove(ends[0], who);
  ::close(ends[0]);
  write();
  CHECK(poller.dispatch() == 0);
  CHECK(who.calls == 0);
  ::close(copy);
}

TEST_CASE_METHOD(fixture, "who has no socket any more is forgotten") {
  auto moved = ends[0];
  poller.remove(-1, who);
  poller.remove(moved, who);
  write();
  CHECK(poller.dispatch() == 0);
  ::close(moved);
}
