#include "flamigo/tls/detail/tls_layer.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>

#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/io/detail/stream_socket.hpp"
#include "flamigo/tls/detail/tls_source.hpp"
#include "support/tls_files.hpp"
#include "support/tls_peer.hpp"

using namespace flamigo;
using test::tls_peer;

namespace {

/// Two ends of a connection, of which the server's is somebody else's.
struct ends {
  ends() {
    int fds[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
    server = fds[0];
    client = fds[1];
  }

  ~ends() {
    ::close(client);
  }

  int server = -1;
  int client = -1;
};

struct fixture : test::tls_files {
  /// Both ends of a handshake. Something may happen when it has begun.
  bool connect(
    const tls_peer::wish& what = {},
    const std::function<void()>& meanwhile = [] {}) {
    at.emplace();
    auto& source = certificates();
    auto layer = std::make_unique<detail::tls_layer>(*source.current());
    meanwhile();
    client = std::make_unique<tls_peer>(at->client, authority, what);
    auto stage = detail::tls_layer::stage::under_way;
    client->shake_hands();
    auto done = false;
    for (int i = 0; i < 10 && stage == detail::tls_layer::stage::under_way;
         ++i) {
      stage = layer->shake_hands(at->server);
      done = client->shake_hands();
    }
    shown = layer->peer_certificate();
    reason = layer->reason();
    done = done && stage == detail::tls_layer::stage::done;
    socket.emplace(at->server, std::move(layer));
    return done;
  }

  detail::tls_source& certificates() {
    if (!source_)
      source_.emplace(options);
    return *source_;
  }

  /// What the server reads at once.
  std::string read() {
    auto size = socket->read_some(buffer, ec);
    return {buffer.data(), size};
  }

  std::optional<ends> at;
  std::unique_ptr<tls_peer> client;
  std::optional<detail::stream_socket> socket;
  std::shared_ptr<const client_certificate> shown;
  std::string reason;
  detail::error_code ec;
  std::array<char, 65'536> buffer;

private:
  std::optional<detail::tls_source> source_;
};

std::string text_of(std::size_t size) {
  std::string result;
  for (std::size_t i = 0; result.size() < size; ++i)
    result += std::to_string(i) + ' ';
  result.resize(size);
  return result;
}

} // namespace

TEST_CASE("bytes go through TLS both ways") {
  fixture f;
  for (auto version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    REQUIRE(f.connect({.max_version = version}));
    CHECK(SSL_version(f.client->ssl()) == version);
    CHECK(f.read().empty());
    CHECK(f.ec == detail::net::error::would_block);
    f.client->send("hello");
    CHECK(f.read() == "hello");
    CHECK(f.socket->write_some("one", "two", f.ec) == 6);
    CHECK(f.socket->write_some("three", f.ec) == 5);
    CHECK(f.client->received() == "onetwothree");
  }
}

TEST_CASE("older versions are not spoken") {
  fixture f;
  CHECK_FALSE(f.connect({.max_version = TLS1_1_VERSION}));
  fixture g;
  g.options.min_version = "1.3";
  CHECK_FALSE(g.connect({.max_version = TLS1_2_VERSION}));
  CHECK(g.reason == "unsupported protocol");
  CHECK(g.client->failure == "tlsv1 alert protocol version");
  CHECK(g.connect());
}

TEST_CASE("all that has come is read at once") {
  fixture f;
  REQUIRE(f.connect());
  std::string sent;
  for (std::size_t size = 1; size < 100; ++size) {
    auto text = text_of(size);
    sent += text;
    f.client->send(text);
  }
  auto got = f.read();
  CHECK(got.size() == sent.size());
  CHECK(got == sent);
  CHECK(f.read().empty());
  CHECK_FALSE(f.socket->readable());
}

TEST_CASE("half of a record is read when the other half has come") {
  fixture f;
  REQUIRE(f.connect());
  // What the client would send, in a pair of its own.
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  auto text = text_of(10'000);
  SSL_set_fd(f.client->ssl(), ends[0]);
  f.client->send(text);
  std::array<char, 16'384> record;
  auto size = ::recv(ends[1], record.data(), record.size(), 0);
  REQUIRE(size > 10'000);
  ::send(f.at->client, record.data(), 5'000, 0);
  CHECK(f.read().empty());
  CHECK(f.ec == detail::net::error::would_block);
  ::send(f.at->client, record.data() + 5'000,
         static_cast<std::size_t>(size) - 5'000, 0);
  CHECK(f.read() == text);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("what the socket does not take is sent later, and nothing twice") {
  fixture f;
  REQUIRE(f.connect());
  auto small = 4'096;
  ::setsockopt(f.at->server, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
  auto text = text_of(5'000'000);
  std::string got;
  std::size_t sent = 0;
  auto blocked = 0;
  while (got.size() < text.size()) {
    auto rest = std::string_view{text}.substr(sent);
    // In two parts, as a response is.
    auto first = rest.substr(0, 100);
    auto n = f.socket->write_some(first, rest.substr(first.size()), f.ec);
    REQUIRE_FALSE(f.ec);
    if (n < rest.size())
      ++blocked;
    sent += n;
    // The last byte is told when all before it has gone.
    REQUIRE(sent <= text.size());
    got += f.client->received(30'000);
    REQUIRE(f.client->failure.empty());
  }
  CHECK(sent == text.size());
  CHECK(got == text);
  CHECK(blocked > 10);
}

TEST_CASE("a client that takes a little shows that it does") {
  fixture f;
  REQUIRE(f.connect());
  auto small = 4'096;
  ::setsockopt(f.at->server, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
  auto text = text_of(10'000'000);
  auto sent = f.socket->write_some(text, f.ec);
  CHECK(sent < text.size());
  // Less than a batch of records.
  f.client->received(200'000);
  auto more = f.socket->write_some(std::string_view{text}.substr(sent), f.ec);
  CHECK(more > 0);
}

TEST_CASE("that the peer has ended is read behind what it has said") {
  fixture f;
  REQUIRE(f.connect());
  f.client->send("last words");
  f.client->shut_down();
  CHECK(f.read() == "last words");
  CHECK_FALSE(f.ec);
  // The connection is open still, so nothing else makes the socket ready.
  char next;
  CHECK(::recv(f.at->server, &next, 1, MSG_DONTWAIT | MSG_PEEK) == 0);
  CHECK(f.read().empty());
  CHECK(f.ec == detail::net::error::eof);
  // But what is to be said can be said.
  CHECK(f.socket->write_some("good bye", f.ec) == 8);
  f.socket->shut_down();
  CHECK(f.client->received() == "good bye");
  CHECK(f.client->ended);
}

TEST_CASE("a peer that just ends TCP has ended") {
  fixture f;
  REQUIRE(f.connect());
  f.client->send("last words");
  ::shutdown(f.at->client, SHUT_WR);
  CHECK(f.read() == "last words");
  CHECK(f.read().empty());
  CHECK(f.ec == detail::net::error::eof);
}

TEST_CASE("what is no record ends a connection, behind what came before") {
  fixture f;
  REQUIRE(f.connect());
  f.client->send("well said");
  std::string_view nonsense = "GET / HTTP/1.1\r\n\r\n";
  ::send(f.at->client, nonsense.data(), nonsense.size(), 0);
  CHECK(f.read() == "well said");
  CHECK(f.read().empty());
  CHECK(f.ec == std::errc::protocol_error);
  CHECK(f.client->received().empty());
  CHECK_FALSE(f.client->failure.empty());
  CHECK(f.socket->write_some("more", f.ec) == 0);
  CHECK(f.ec);
}

TEST_CASE("keys that a client changes cost it what it does not read") {
  fixture f;
  REQUIRE(f.connect());
  auto small = 4'096;
  ::setsockopt(f.at->server, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
  for (int i = 0; i < 3; ++i) {
    SSL_key_update(f.client->ssl(), SSL_KEY_UPDATE_REQUESTED);
    f.client->send("hello");
    CHECK(f.read() == "hello");
    CHECK(f.socket->write_some("world", f.ec) == 5);
    CHECK(f.client->received() == "world");
  }
}

TEST_CASE("the server shows the certificate that is for the name") {
  fixture f;
  auto add = [&](const std::string& file, const std::string& names, bool rsa) {
    f.files.write(
      file, f.authority.issue({.common_name = file, .names = names, .rsa = rsa})
              .both());
    f.options.certificates.push_back(f.path(file));
  };
  add("a", "DNS:a.example", false);
  add("b", "DNS:*.b.example", true);
  add("b2", "DNS:*.b.example", false);
  auto shown_for = [&](const tls_peer::wish& what) {
    if (!f.connect(what))
      return f.client->failure;
    std::array<char, 64> name{};
    X509_NAME_get_text_by_NID(
      X509_get_subject_name(SSL_get0_peer_certificate(f.client->ssl())),
      NID_commonName, name.data(), static_cast<int>(name.size()));
    return std::string{name.data()};
  };
  CHECK(shown_for({.server = "a.example"}) == "a");
  CHECK(shown_for({.server = "x.b.example"}) == "b2");
  CHECK(shown_for({.server = "localhost"}) == "localhost");
  // The first one is the usual one, which this client does not take.
  CHECK(shown_for({.server = "c.example"}) == "certificate verify failed");
}

TEST_CASE("a handshake that has begun goes on when certificates change") {
  fixture f;
  for (auto* name : {"a.example", "b.example"})
    f.files.write(
      name, f.authority
              .issue({.common_name = name, .names = std::string{"DNS:"} + name})
              .both());
  f.options.certificates = {f.path("a.example"), f.path("b.example")};
  for (auto version : {TLS1_3_VERSION, TLS1_2_VERSION})
    for (auto* name : {"a.example", "b.example"})
      CHECK(f.connect({.server = name, .max_version = version},
                      [&] { REQUIRE_FALSE(f.certificates().reload()); }));
}

TEST_CASE("of several protocols a client gets HTTP/1.1 or nothing") {
  fixture f;
  REQUIRE(f.connect({.protocols = "\x02h2\x08http/1.1"}));
  const unsigned char* agreed = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(f.client->ssl(), &agreed, &size);
  CHECK(std::string_view{reinterpret_cast<const char*>(agreed), size}
        == "http/1.1");
  CHECK_FALSE(f.connect({.protocols = "\x02h2"}));
  CHECK(f.client->failure == "tlsv1 alert no application protocol");
}

TEST_CASE("a client's certificate is known") {
  fixture f;
  test::test_authority clients{"Client CA"};
  f.files.write("clients.pem", clients.pem());
  f.options.client_ca = f.path("clients.pem");
  auto mine = clients.issue({.common_name = "gateway, east", .names = ""});
  auto stranger = f.authority.issue();
  REQUIRE(f.connect());
  CHECK(f.shown == nullptr);
  REQUIRE(f.connect({.certificate = &mine}));
  REQUIRE(f.shown != nullptr);
  CHECK(f.shown->subject == "CN=gateway\\, east");
  CHECK(f.shown->fingerprint.size() == 64);
  CHECK_FALSE(f.connect({.certificate = &stranger}));

  SECTION("and where it has to be shown, nobody comes without") {
    fixture g;
    g.files.write("clients.pem", clients.pem());
    g.options.client_ca = g.path("clients.pem");
    g.options.require_client_certificate = true;
    CHECK_FALSE(g.connect());
    CHECK(g.reason == "peer did not return a certificate");
    CHECK(g.connect({.certificate = &mine}));
  }
}

TEST_CASE("a client goes on with its session, also with new certificates") {
  fixture f;
  for (auto version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    REQUIRE(f.connect({.max_version = version}));
    f.client->received();
    auto first = std::move(f.client);
    auto* session = first->session();
    REQUIRE(f.connect({.max_version = version, .session = session}));
    CHECK(SSL_session_reused(f.client->ssl()) == 1);
    f.files.write("server.pem", f.authority.issue().both());
    REQUIRE_FALSE(f.certificates().reload());
    REQUIRE(f.connect({.max_version = version, .session = session}));
    CHECK(SSL_session_reused(f.client->ssl()) == 1);
  }
}

TEST_CASE("whose certificate is not trusted any more cannot go on with it") {
  fixture f;
  test::test_authority clients{"Client CA"};
  auto mine = clients.issue();
  f.files.write("clients.pem", clients.pem());
  f.options.client_ca = f.path("clients.pem");
  REQUIRE(f.connect({.certificate = &mine}));
  f.client->received();
  auto first = std::move(f.client);
  auto* session = first->session();
  REQUIRE(f.connect({.session = session}));
  REQUIRE(f.shown != nullptr);
  f.files.write("clients.pem", f.authority.pem());
  REQUIRE_FALSE(f.certificates().reload());
  REQUIRE(f.connect({.session = session}));
  CHECK(SSL_session_reused(f.client->ssl()) == 0);
  CHECK(f.shown == nullptr);
}
