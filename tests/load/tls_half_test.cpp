#include "tls_half.hpp"

#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/io/detail/stream_socket.hpp"
#include "flamigo/tls/detail/tls_context.hpp"
#include "flamigo/tls/detail/tls_layer.hpp"
#include "support/tls_files.hpp"

using namespace flamigo;
using load::tls_half;

namespace {

struct fixture : test::tls_files {
  ~fixture() {
    ::close(fd);
  }

  /// Both ends of a handshake on a new socket. Returns the client's.
  tls_half::stage connect(tls_half& client) {
    client.end();
    ::close(fd);
    int fds[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
    fd = fds[0];
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    if (!context)
      context = *detail::tls_context::make(options);
    auto layer = std::make_unique<detail::tls_layer>(*context);
    client.begin(fd);
    auto result = client.shake_hands();
    for (int i = 0; i < 10 && result == tls_half::stage::reading; ++i) {
      layer->shake_hands(fds[1]);
      result = client.shake_hands();
    }
    layer->shake_hands(fds[1]);
    server = std::make_unique<detail::stream_socket>(fds[1], std::move(layer));
    return result;
  }

  std::string read(tls_half& client, std::size_t most = 65'536) {
    std::string result(most, '\0');
    auto got = client.receive(result);
    result.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return result;
  }

  std::string heard() {
    auto size = server->read_some(buffer, ec);
    return {buffer.data(), size};
  }

  std::shared_ptr<const detail::tls_context> context;
  std::unique_ptr<detail::stream_socket> server;
  detail::error_code ec;
  std::array<char, 131'072> buffer;
  int fd = -1;
};

} // namespace

TEST_CASE("a load speaks TLS") {
  fixture f;
  tls_half client{tls_half::make_context({}, false)};
  REQUIRE(f.connect(client) == tls_half::stage::done);
  char nothing[1];
  CHECK(client.receive(nothing) == -1);
  CHECK(errno == EAGAIN);
  CHECK(client.send("hello") == 5);
  CHECK(f.heard() == "hello");
  CHECK(f.server->write_some("one", "two", f.ec) == 6);
  CHECK(f.server->write_some("three", f.ec) == 5);
  CHECK(f.read(client) == "onetwothree");
}

TEST_CASE("what TLS holds back is known of") {
  fixture f;
  tls_half client{tls_half::make_context({}, false)};
  REQUIRE(f.connect(client) == tls_half::stage::done);
  CHECK(f.server->write_some("onetwo", f.ec) == 6);
  CHECK(f.read(client, 3) == "one");
  CHECK(client.has_more());
  CHECK(f.read(client) == "two");
  CHECK_FALSE(client.has_more());
}

TEST_CASE("what does not fit is sent by and by") {
  fixture f;
  tls_half client{tls_half::make_context({}, false)};
  REQUIRE(f.connect(client) == tls_half::stage::done);
  std::string left(1'000'000, 'x');
  std::size_t heard = 0;
  auto waited = false;
  while (!left.empty()) {
    auto sent = client.send(left);
    if (sent < 0) {
      REQUIRE(errno == EAGAIN);
      waited = true;
      heard += f.heard().size();
      continue;
    }
    left.erase(0, static_cast<std::size_t>(sent));
  }
  CHECK(waited);
  for (auto more = f.heard(); !more.empty(); more = f.heard())
    heard += more.size();
  CHECK(heard == 1'000'000);
}

TEST_CASE("with TLS, the end is that of the socket") {
  fixture f;
  tls_half client{tls_half::make_context({}, false)};
  REQUIRE(f.connect(client) == tls_half::stage::done);
  f.server->shut_down();
  char nothing[1];
  CHECK(client.receive(nothing) == 0);
}

TEST_CASE("a load comes back with its session, if it should") {
  fixture f;
  tls_half client{tls_half::make_context({}, true)};
  for (int i = 0; i < 3; ++i) {
    REQUIRE(f.connect(client) == tls_half::stage::done);
    f.server->write_some("bye", f.ec);
    CHECK(f.read(client) == "bye");
  }
  // Its tickets are not known to another one.
  f.context = nullptr;
  CHECK(f.connect(client) == tls_half::stage::failed);
  CHECK(client.failure() == "the server did not go on with the TLS session");
}

TEST_CASE("a load that has got no session cannot come back with one") {
  fixture f;
  tls_half client{tls_half::make_context({}, true)};
  REQUIRE(f.connect(client) == tls_half::stage::done);
  CHECK(f.connect(client) == tls_half::stage::failed);
  CHECK(client.failure()
        == "the server has given no TLS session to go on with");
}

TEST_CASE("a load may come anew each time") {
  fixture f;
  tls_half client{tls_half::make_context({}, false)};
  for (int i = 0; i < 2; ++i) {
    REQUIRE(f.connect(client) == tls_half::stage::done);
    f.server->write_some("bye", f.ec);
    CHECK(f.read(client) == "bye");
    f.context = nullptr;
  }
}

TEST_CASE("a load verifies certificates where it knows the authority") {
  fixture f;
  f.files.write("ca.pem", f.authority.pem());
  tls_half client{tls_half::make_context(f.path("ca.pem"), false)};
  CHECK(f.connect(client) == tls_half::stage::done);
  test::test_authority other{"Another CA"};
  f.files.write("other.pem", other.pem());
  tls_half doubtful{tls_half::make_context(f.path("other.pem"), false)};
  CHECK(f.connect(doubtful) == tls_half::stage::failed);
  CHECK(doubtful.failure()
        == "the TLS handshake failed: certificate verify failed");
  CHECK_THROWS_AS(tls_half::make_context(f.path("server.key"), false),
                  std::runtime_error);
}
