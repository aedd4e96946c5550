// permessage-deflate (RFC 7692), as a client may speak it.

#include <string>
#include <vector>

#include <boost/beast/zlib/deflate_stream.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/websocket/detail/deflater_pool.hpp"
#include "support/client_frame.hpp"
#include "support/events.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace flamigo::test;

namespace {

namespace zlib = boost::beast::zlib;

struct fixture : socket_fixture {
  fixture() {
    core.options.compression = true;
    core.options.max_message_bytes = 10'000;
    strategies.add("app::test:size", [this](const std::string& in) {
      sizes.push_back(in.size());
    });
  }

  /// Connects with an offer; returns what was agreed to.
  std::string offer(const std::string& what) {
    accept(peer);
    peer.upgrade("Sec-WebSocket-Extensions: " + what + "\r\n");
    settle();
    auto answer = peer.received();
    REQUIRE(answer.starts_with("HTTP/1.1 101"));
    auto begin = answer.find("Sec-WebSocket-Extensions: ");
    if (begin == answer.npos)
      return {};
    begin = answer.find(": ", begin) + 2;
    return answer.substr(begin, answer.find("\r\n", begin) - begin);
  }

  /// Sends bytes; returns what comes.
  std::string answer_to(const std::string& bytes) {
    peer.send_bytes(bytes);
    settle();
    return peer.received();
  }

  socket_pair peer;
  /// Of the messages that were read.
  std::vector<std::size_t> sizes;
};

/// A client's stream, which goes on from message to message.
struct compressor {
  /// The payload of a message.
  std::string operator()(const std::string& text,
                         zlib::Flush how = zlib::Flush::sync) {
    std::string result(text.size() + 100, '\0');
    zlib::z_params params;
    params.next_in = text.data();
    params.avail_in = text.size();
    params.next_out = result.data();
    params.avail_out = result.size();
    boost::beast::error_code ec;
    stream.write(params, how, ec);
    result.resize(params.total_out - (how == zlib::Flush::sync ? 4 : 0));
    return result;
  }

  zlib::deflate_stream stream;
};

constexpr int whole = fin | compressed | opcode::text;

std::string request(std::size_t size) {
  return call("app::test:size", '"' + std::string(size, 'x') + '"');
}

/// A frame of the server begins with a close frame.
bool closes(const std::string& frames) {
  return frames.starts_with("\x88");
}

/// The code of the close frame that they are.
int code_of(const std::string& frames) {
  REQUIRE(closes(frames));
  REQUIRE(frames.size() >= 4);
  return static_cast<unsigned char>(frames[2]) * 256
         + static_cast<unsigned char>(frames[3]);
}

} // namespace

TEST_CASE("messages that build on each other are read") {
  fixture f;
  CHECK(f.offer("permessage-deflate")
        == "permessage-deflate; server_no_context_takeover");
  compressor client;
  std::vector<std::size_t> sent;
  for (std::size_t i = 0; i < 50; ++i) {
    sent.push_back(i * 199);
    f.answer_to(frame(whole, client(request(sent.back()))));
  }
  // Plain ones may come in between.
  f.answer_to(frame(fin | opcode::text, request(3)));
  f.answer_to(frame(whole, client(request(4))));
  sent.insert(sent.end(), {3, 4});
  CHECK(f.sizes == sent);
}

TEST_CASE("a compressed message may be cut anywhere") {
  fixture f;
  f.offer("permessage-deflate");
  compressor client;
  auto message = client(request(5'000));
  std::string bytes;
  for (std::size_t i = 0; i < message.size(); ++i)
    bytes += frame(i == 0 ? compressed | opcode::text : opcode::continuation,
                   message.substr(i, 1))
             + frame(opcode::continuation, "") + frame(fin | opcode::ping, "");
  bytes += frame(fin | opcode::continuation, "");
  for (auto byte : bytes) {
    f.peer.send_bytes({&byte, 1});
    f.settle();
  }
  CHECK(f.sizes == std::vector<std::size_t>{5'000});
}

TEST_CASE("a client may end its deflate stream with a message") {
  fixture f;
  f.offer("permessage-deflate");
  // RFC 7692, 7.2.3.4: "Hello", which is no request, but no mistake of deflate.
  CHECK_FALSE(
    closes(f.answer_to(frame(whole, {"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8}))));
  // With the header of another block behind it, as there, and without.
  for (std::string tail : {std::string{"\0", 1}, std::string{}}) {
    compressor client;
    auto message = client(request(1'000), zlib::Flush::finish) + tail;
    f.answer_to(frame(whole, message));
    compressor next;
    f.answer_to(frame(compressed | opcode::text, message.substr(0, 9)));
    f.answer_to(frame(fin | opcode::continuation, message.substr(9)));
    f.answer_to(frame(whole, next(request(7))));
    f.answer_to(frame(whole, next(request(8))));
  }
  CHECK(f.sizes
        == std::vector<std::size_t>{1'000, 1'000, 7, 8, 1'000, 1'000, 7, 8});
}

TEST_CASE("two streams may make one message") {
  fixture f;
  f.offer("permessage-deflate");
  auto text = request(100);
  compressor first;
  compressor second;
  f.answer_to(frame(whole, first(text.substr(0, 50), zlib::Flush::finish)
                             + second(text.substr(50))));
  CHECK(f.sizes == std::vector<std::size_t>{100});
}

TEST_CASE("a message that says nothing is empty") {
  fixture f;
  f.offer("permessage-deflate");
  // The second one is as RFC 7692, 7.2.3.6, has it.
  CHECK_FALSE(closes(f.answer_to(frame(whole, ""))));
  CHECK_FALSE(closes(f.answer_to(frame(whole, {"\0", 1}))));
  f.answer_to(frame(whole, compressor{}(request(1))));
  CHECK(f.sizes == std::vector<std::size_t>{1});
}

TEST_CASE("what is not compressed data ends with 1007") {
  fixture f;
  f.offer("permessage-deflate");
  auto message = compressor{}(request(500));
  std::string bytes;
  SECTION("a block of no type") {
    bytes = frame(whole, "\xff\xff\xff");
  }
  SECTION("a message that is cut") {
    bytes = frame(whole, message.substr(0, message.size() / 2));
  }
  SECTION("in a later fragment") {
    bytes = frame(compressed | opcode::text, message)
            + frame(fin | opcode::continuation, "\xff\xff\xff");
  }
  SECTION("a reference to what was never said") {
    compressor client;
    client(request(500));
    bytes = frame(whole, client(request(500)));
  }
  auto got = f.answer_to(bytes + frame(whole, message));
  CHECK(code_of(got) == 1007);
  CHECK(contains(got, "cannot be read"));
  CHECK(f.sizes.empty());
  f.answer_to(frame(fin | opcode::close, "\x03\xef"));
  CHECK(f.peer.has_ended());
}

TEST_CASE("text is checked as it was before it was compressed") {
  fixture f;
  f.offer("permessage-deflate");
  CHECK(code_of(f.answer_to(frame(whole, compressor{}("\"\xff\"")))) == 1007);
}

TEST_CASE("a message may be no larger than a plain one") {
  fixture f;
  f.offer("permessage-deflate");
  auto rest = request(0).size();
  SECTION("as large") {
    f.answer_to(frame(whole, compressor{}(request(10'000 - rest))));
    CHECK(f.sizes == std::vector{10'000 - rest});
  }
  SECTION("larger") {
    std::string bytes;
    SECTION("in one frame") {
      bytes = frame(whole, compressor{}(request(10'001 - rest)));
    }
    SECTION("by far") {
      bytes = frame(whole, compressor{}(request(5'000'000)));
    }
    SECTION("in two") {
      auto message = compressor{}(request(10'001 - rest));
      bytes = frame(compressed | opcode::text, message.substr(0, 10))
              + frame(fin | opcode::continuation, message.substr(10));
    }
    CHECK(code_of(f.answer_to(bytes)) == 1009);
    CHECK(f.sizes.empty());
  }
}

TEST_CASE("a compressed frame that breaks a rule is refused") {
  auto message = compressor{}(request(1));
  auto bare = frame(whole, message);
  bare[1] = static_cast<char>(bare[1] & 0x7f);
  bare.erase(2, 4);
  for (auto& bytes :
       {bare, frame(whole | 0x20, message),
        frame(compressed | fin | opcode::continuation, message),
        frame(compressed | opcode::text, message) + frame(whole, message),
        frame(compressed | fin | opcode::ping, "")}) {
    fixture f;
    f.offer("permessage-deflate");
    CHECK(code_of(f.answer_to(bytes)) == 1002);
    CHECK(f.sizes.empty());
  }
  fixture f;
  f.core.options.compression = false;
  CHECK(f.offer("permessage-deflate").empty());
  CHECK(code_of(f.answer_to(frame(whole, message))) == 1002);
}

TEST_CASE("no window is larger than was offered") {
  auto agreed = [](const std::string& what) {
    fixture f;
    return f.offer(what);
  };
  CHECK(agreed("permessage-deflate; server_max_window_bits=8").empty());
  CHECK(agreed("x, permessage-deflate; client_max_window_bits; "
               "server_max_window_bits=8")
          .empty());
  CHECK(contains(agreed("permessage-deflate; server_max_window_bits=9"),
                 "server_max_window_bits=9"));
  CHECK(contains(agreed("permessage-deflate; client_max_window_bits=8"),
                 "client_max_window_bits=8"));
  CHECK(agreed("permessage-deflate; client_max_window_bits")
        == "permessage-deflate; server_no_context_takeover");
}

TEST_CASE("each offer is taken or declined as a whole") {
  auto agreed = [](const std::string& what) {
    fixture f;
    f.core.options.compression_context = true;
    return f.offer(what);
  };
  std::string plain = "permessage-deflate";
  for (auto parameter :
       {"x", "x=1", "", "=", "server_max_window_bits",
        "server_max_window_bits=8", "server_max_window_bits=010",
        "server_max_window_bits=7", "server_max_window_bits=16",
        "server_max_window_bits=1e1", "server_max_window_bits=\"\"",
        "server_max_window_bits=10; server_max_window_bits=10",
        "client_max_window_bits=7", "client_max_window_bits=",
        "client_max_window_bits; client_max_window_bits=9",
        "server_no_context_takeover=1", "client_no_context_takeover=1",
        "server_no_context_takeover; server_no_context_takeover"}) {
    INFO(parameter);
    auto wrong = plain + "; " + parameter;
    CHECK(agreed(wrong).empty());
    // What stands behind it makes it no better.
    CHECK(agreed(wrong + ", y; z").empty());
    auto good = plain + "; server_max_window_bits=10";
    CHECK(agreed(wrong + ", y, " + good) == good);
  }
  // All that is offered is kept to, whatever stands behind it.
  for (std::string parameter :
       {"server_no_context_takeover", "client_no_context_takeover",
        "server_max_window_bits=10", "server_max_window_bits=15",
        "client_max_window_bits=8",
        "server_no_context_takeover; client_no_context_takeover; "
        "server_max_window_bits=9; client_max_window_bits=11"}) {
    auto offer = plain + "; " + parameter;
    CHECK(agreed(offer) == offer);
    CHECK(agreed(offer + ", " + plain) == offer);
    CHECK(agreed(offer + ",x;y") == offer);
  }
  CHECK(agreed("Permessage-Deflate ;Server_Max_Window_Bits = \"10\" ")
        == "permessage-deflate; server_max_window_bits=10");
  CHECK(agreed("permessage-deflated").empty());
  CHECK(agreed("x-permessage-deflate, , y").empty());
}

TEST_CASE("messages to a client build on others only if that is wanted") {
  auto agreed = [](bool context, const std::string& what) {
    fixture f;
    f.core.options.compression_context = context;
    return contains(f.offer(what), "server_no_context_takeover");
  };
  CHECK(agreed(false, "permessage-deflate"));
  CHECK_FALSE(agreed(true, "permessage-deflate"));
  CHECK(agreed(true, "permessage-deflate; server_no_context_takeover"));
  fixture f;
  f.core.options.compression_context = true;
  f.offer("permessage-deflate");
  compressor says;
  auto ask = [&] { return f.answer_to(frame(whole, says(call("no", "1")))); };
  auto first = ask();
  auto second = ask();
  CHECK(first.starts_with("\xc1"));
  CHECK(second.size() < first.size() / 2);
}

TEST_CASE("an event is compressed alike for all who hear it") {
  fixture f;
  f.strategies.add("app::test:hear",
                   [](client& who) { return who.subscribe("rooms/a"); });
  f.offer("permessage-deflate");
  socket_pair other;
  f.accept(other);
  other.upgrade("Sec-WebSocket-Extensions: permessage-deflate\r\n");
  f.settle();
  CHECK(contains(other.received(), "server_no_context_takeover"));
  compressor says;
  f.answer_to(frame(whole, says(call("app::test:hear", "null"))));
  other.send_bytes(frame(whole, compressor{}(call("app::test:hear", "null"))));
  f.settle();
  other.received();
  CHECK(!f.bus.publish(posted{"a", std::string(500, 'x')}));
  f.settle();
  auto heard = f.peer.received();
  // RSV1, and much shorter than its text.
  CHECK(heard.starts_with("\xc1"));
  CHECK(heard.size() < 150);
  CHECK(other.received() == heard);
}

TEST_CASE("a thread keeps no large event when all have heard it") {
  fixture f;
  f.strategies.add("app::test:hear",
                   [](client& who) { return who.subscribe("rooms/a"); });
  f.offer("permessage-deflate");
  f.answer_to(frame(whole, compressor{}(call("app::test:hear", "null"))));
  auto deflater = detail::deflater_pool::of(f.loop).get(15);
  f.loop.turn([&] {
    CHECK(!f.bus.publish(posted{"a", std::string(100'000, 'x')}));
    CHECK(deflater->is_laden());
  });
  CHECK_FALSE(deflater->is_laden());
  CHECK(f.peer.received().starts_with("\xc1"));
}
