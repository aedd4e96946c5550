// The stream that reads is the thread's: what one client sends must not depend
// on what others send meanwhile.

#include <memory>
#include <random>
#include <string>
#include <vector>

#include <boost/beast/zlib/deflate_stream.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/websocket/detail/reader_pool.hpp"
#include "support/client_frame.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace flamigo::test;

namespace {

namespace zlib = boost::beast::zlib;

struct fixture : socket_fixture {
  fixture() {
    core.options.compression = true;
    strategies.add("app::test:hear", [this](const std::string& in) {
      heard.push_back(in);
      return in;
    });
  }

  /// What strategies were asked since it was looked at last.
  strings just_heard() {
    settle();
    return std::exchange(heard, {});
  }

  strings heard;
  detail::reader_pool& pool = detail::reader_pool::of(loop);
};

std::string request(const std::string& text) {
  return call("app::test:hear", '"' + text + '"');
}

/// A client that makes frames of its messages in all ways that there are.
class random_client {
public:
  enum class kind {
    plain,
    compressing,
    /// Each message by itself.
    forgetting
  };

  random_client(fixture& where, kind what, unsigned seed)
    : kind_(what), random_(seed) {
    where.accept(peer_);
    peer_.upgrade(kind_ == kind::plain ? ""
                  : kind_ == kind::compressing
                    ? "Sec-WebSocket-Extensions: permessage-deflate\r\n"
                    : "Sec-WebSocket-Extensions: permessage-deflate; "
                      "client_no_context_takeover; "
                      "server_no_context_takeover\r\n");
    where.settle();
    auto answer = peer_.received();
    REQUIRE(answer.starts_with("HTTP/1.1 101"));
    REQUIRE(contains(answer, "permessage-deflate") == (kind_ != kind::plain));
  }

  void say(const std::string& text) {
    said_.push_back(text);
    auto payload = request(text);
    auto bits = opcode::text;
    if (kind_ != kind::plain && random(2) == 0) {
      payload = deflated(payload);
      bits |= compressed;
    }
    while (random(2) == 0) {
      auto size = random(payload.size() + 1);
      bytes_ += frame(bits, payload.substr(0, size));
      payload.erase(0, size);
      bits = opcode::continuation;
      if (random(3) == 0)
        bytes_ += frame(fin | opcode::ping, "");
    }
    bytes_ += frame(fin | bits, payload);
  }

  /// Sends a part of what was said; false when there is nothing left.
  bool send_some() {
    auto size = std::min(bytes_.size(), 1 + random(100));
    peer_.send_bytes(bytes_.substr(0, size));
    bytes_.erase(0, size);
    return !bytes_.empty();
  }

  const strings& said() const {
    return said_;
  }

  /// The texts that plain replies have.
  std::string received() {
    return peer_.received();
  }

private:
  std::size_t random(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>{0, end - 1}(random_);
  }

  std::string deflated(const std::string& text) {
    if (kind_ == kind::forgetting)
      deflate_.reset();
    std::string result(text.size() + 100, '\0');
    zlib::z_params params;
    params.next_in = text.data();
    params.avail_in = text.size();
    params.next_out = result.data();
    params.avail_out = result.size();
    boost::beast::error_code ec;
    deflate_.write(params, zlib::Flush::sync, ec);
    result.resize(params.total_out - 4);
    return result;
  }

  kind kind_;
  std::mt19937 random_;
  socket_pair peer_;
  zlib::deflate_stream deflate_;
  strings said_;
  std::string bytes_;
};

} // namespace

TEST_CASE("clients whose bytes come in between each other are told apart") {
  using kind = random_client::kind;
  fixture f;
  std::vector<std::unique_ptr<random_client>> clients;
  for (unsigned i = 0; i < 12; ++i)
    clients.push_back(
      std::make_unique<random_client>(f,
                                      i % 3 == 0   ? kind::compressing
                                      : i % 3 == 1 ? kind::forgetting
                                                   : kind::plain,
                                      i));
  std::vector<strings> heard(clients.size());
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < clients.size(); ++i)
      for (int n = 0; n < 40; ++n)
        clients[i]->say(std::to_string(i) + " "
                        + std::string(static_cast<std::size_t>(n), 'x')
                        + "\xc3\xa4\xe2\x82\xac" + std::to_string(round));
    for (auto more = true; std::exchange(more, false);)
      for (auto& client : clients) {
        more = client->send_some() || more;
        for (auto& text : f.just_heard())
          heard[std::stoul(text)].push_back(text);
      }
    // Nobody is in a message now: all readers are with the thread.
    CHECK(f.pool.spare() > 0);
    auto spare = f.pool.spare();
    for (auto& client : clients)
      client->say(std::to_string(&client - clients.data()) + " again");
    for (auto& client : clients)
      while (client->send_some())
        f.settle();
    for (auto& text : f.just_heard())
      heard[std::stoul(text)].push_back(text);
    CHECK(f.pool.spare() == spare);
  }
  for (std::size_t i = 0; i < clients.size(); ++i) {
    CHECK(heard[i] == clients[i]->said());
    CHECK(clients[i]->said().size() == 3 * 41);
  }
}

TEST_CASE("who is connected and says nothing has no reader") {
  fixture f;
  std::vector<std::unique_ptr<socket_pair>> peers;
  for (int i = 0; i < 20; ++i) {
    f.connect(*peers.emplace_back(std::make_unique<socket_pair>()));
    auto text = request("a");
    peers.back()->send_bytes(
      frame(opcode::text, text.substr(0, 9))
      + frame(fin | opcode::continuation, text.substr(9)));
  }
  CHECK(f.just_heard().size() == 20);
  CHECK(f.pool.spare() == 1);
  // Pings need none, nor do halves of a frame.
  for (auto& peer : peers)
    peer->send_bytes(frame(fin | opcode::ping, "x")
                     + frame(fin | opcode::text, request("b")).substr(0, 9));
  f.settle();
  CHECK(f.pool.spare() == 1);
  for (auto& peer : peers) {
    CHECK(contains(peer->received(), "\x8a\x01x"));
    peer->send_bytes(frame(fin | opcode::text, request("b")).substr(9));
  }
  CHECK(f.just_heard() == strings(20, "b"));
  CHECK(f.pool.spare() == 1);
}

TEST_CASE("a client that breaks the rules is alone with that") {
  fixture f;
  socket_pair good;
  socket_pair bad;
  f.connect(good);
  f.connect(bad);
  auto message = request("a");
  good.send_bytes(frame(opcode::text, message.substr(0, 20)));
  bad.send_bytes(frame(opcode::text, message.substr(0, 30)));
  f.settle();
  bad.send_bytes(frame(fin | opcode::text, message));
  CHECK(f.just_heard().empty());
  CHECK(bad.received().starts_with("\x88"));
  good.send_bytes(frame(fin | opcode::continuation, message.substr(20)));
  CHECK(f.just_heard() == strings{"a"});
  good.send_text(request("b"));
  CHECK(f.just_heard() == strings{"b"});
}

TEST_CASE("a connection that ends in a message takes its reader along") {
  fixture f;
  socket_pair other;
  f.connect(other);
  other.send_text(request("a"));
  CHECK(f.just_heard() == strings{"a"});
  auto begin = frame(opcode::text, request("b").substr(0, 9));
  auto end = frame(fin | opcode::continuation, request("b").substr(9));
  // By the peer, by a close frame, by the server.
  socket_pair lost;
  f.connect(lost);
  lost.send_bytes(begin);
  f.settle();
  lost.close();
  socket_pair closed;
  f.connect(closed);
  closed.send_bytes(begin + frame(fin | opcode::close, "") + end);
  f.settle();
  CHECK(closed.received().starts_with("\x88"));
  socket_pair kicked;
  f.connect(kicked);
  kicked.send_bytes(begin);
  f.settle();
  f.loop.for_each([&f](detail::resident& x) { x.drain(); });
  f.settle();
  CHECK(contains(kicked.received(), "\x0b\xb9"));
  kicked.send_bytes(end + frame(fin | opcode::close, ""));
  f.settle();
  CHECK(kicked.has_ended());
  CHECK(f.just_heard().empty());
  // What is left of it, nobody gets.
  socket_pair next;
  f.connect(next);
  next.send_text(request("c"));
  next.send_bytes(begin + end);
  CHECK(f.just_heard() == strings{"c", "b"});
}
