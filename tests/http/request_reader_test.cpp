#include "flamigo/http/detail/request_reader.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "support/wire.hpp"

using namespace flamigo::detail;
using flamigo::test::contains;
using state = request_reader::state;

namespace {

constexpr std::size_t max_headers = 512;

constexpr std::string_view chunked
  = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

struct fixture {
  state read(std::string_view bytes) {
    reader.add(bytes);
    return reader.read();
  }

  unsigned refused() {
    CHECK_FALSE(reader.refusal().keep_alive());
    return reader.refusal().result_int();
  }

  request_reader reader{max_headers};
};

/// What a request with these headers is refused with, or 0.
unsigned status_for(const std::string& headers, std::string_view body = {},
                    std::string_view version = "1.1") {
  fixture f;
  auto what = f.read("POST / HTTP/" + std::string{version} + "\r\nHost: x\r\n"
                     + headers + "\r\n" + std::string{body});
  return what == state::refused ? f.refused() : 0;
}

} // namespace

TEST_CASE("requests come one after the other") {
  fixture f;
  auto get = std::string{"GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"};
  CHECK(f.read("\r\n" + get + "\r\nGET /2 HTTP/1.1\r\n") == state::whole);
  CHECK(f.reader.request().target() == "/1");
  CHECK_FALSE(f.reader.has_begun());
  f.reader.next();
  CHECK(f.reader.read() == state::wants_more);
  CHECK(f.reader.has_begun());
  CHECK(f.read("\r\nrest") == state::whole);
  CHECK(f.reader.request().target() == "/2");
  CHECK(f.reader.rest() == "rest");
}

TEST_CASE("empty lines before a request are no request") {
  fixture f;
  CHECK(f.read("\r\n\r\n") == state::wants_more);
  CHECK_FALSE(f.reader.has_begun());
}

TEST_CASE("an empty line may be cut in two") {
  fixture f;
  CHECK(f.read("\r") == state::wants_more);
  CHECK_FALSE(f.reader.has_begun());
  CHECK(f.read("\n\r") == state::wants_more);
  CHECK(f.read("\nGET / HTTP/1.1\r\nHost: x\r\n\r\n\r") == state::whole);
  f.reader.next();
  CHECK(f.reader.read() == state::wants_more);
  CHECK(f.read("x") == state::refused);
}

TEST_CASE("headers have a limit") {
  fixture f;
  CHECK(f.read("GET / HTTP/1.1\r\nX: " + std::string(2 * max_headers, 'x'))
        == state::refused);
  CHECK(f.refused() == 431);
}

TEST_CASE("headers have a limit in whatever pieces they come") {
  for (auto piece : {1u, 7u, 100u}) {
    INFO(piece);
    fixture f;
    auto what = f.read("GET / HTTP/1.1\r\n");
    // The parser takes a line when it sees what stands behind.
    auto line = "X: " + std::string(piece, 'x') + "\r\n";
    std::size_t sent = 0;
    for (auto first = true; what == state::wants_more && sent < 4 * max_headers;
         first = false, sent += line.size())
      what = f.read(first ? line + "X" : line.substr(1) + "X");
    REQUIRE(what == state::refused);
    CHECK(f.refused() == 431);
    CHECK(sent <= max_headers + line.size());
  }
}

TEST_CASE("the limit of headers is one for all of them") {
  for (auto size : {max_headers, max_headers + 1}) {
    auto head = std::string{"GET /"};
    head += std::string(max_headers / 2, 'x') + " HTTP/1.1\r\nX: ";
    head += std::string(size - head.size() - 4, 'x') + "\r\n\r\n";
    for (auto cut : {std::size_t{0}, head.find('X'), head.size() - 1}) {
      INFO(size << ' ' << cut);
      fixture f;
      f.read(head.substr(0, cut));
      CHECK(f.read(head.substr(cut))
            == (size > max_headers ? state::refused : state::whole));
    }
  }
}

TEST_CASE("a field that Beast cannot keep is refused") {
  auto large = std::string(66'000, 'x');
  SECTION("among the headers") {
    request_reader reader{1u << 20};
    reader.add("GET / HTTP/1.1\r\nX: " + large + "\r\n\r\n");
    REQUIRE(reader.read() == state::refused);
    CHECK(reader.refusal().result_int() == 431);
  }
  SECTION("as one of several lines") {
    request_reader reader{1u << 20};
    auto half = "Cookie: " + large.substr(large.size() / 2) + "\r\n";
    reader.add("GET / HTTP/1.1\r\n" + half + half + "\r\n");
    REQUIRE(reader.read() == state::refused);
    CHECK(reader.refusal().result_int() == 431);
  }
  SECTION("behind a body") {
    fixture f;
    f.read(chunked);
    f.read("0\r\nX: ");
    CHECK(f.read(large + "\r\n\r\n") == state::refused);
    CHECK(f.refused() == 413);
  }
}

TEST_CASE("what stands between chunks and behind them has a limit") {
  for (auto text : {"1;", "00000", "0\r\nX: "}) {
    INFO(text);
    fixture f;
    CHECK(f.read(chunked) == state::wants_more);
    CHECK(f.read(text) == state::wants_more);
    auto fill = std::string(64, '0');
    auto what = state::wants_more;
    std::size_t sent = 0;
    for (; what == state::wants_more && sent < 4 * max_headers; sent += 64)
      what = f.read(fill);
    CHECK(what == state::refused);
    CHECK(sent <= max_headers + 64);
  }
}

TEST_CASE("a body has a limit, and so have the bytes that it comes in") {
  auto fill = [](std::string_view chunk, std::size_t max) {
    fixture f;
    f.read(chunked);
    std::size_t sent = 0;
    while (sent <= max && f.read(chunk) == state::wants_more)
      sent += chunk.size();
    CHECK(f.refused() == 413);
    return sent;
  };
  CHECK(fill("400\r\n" + std::string(1024, 'x') + "\r\n", 100'000) > 60'000);
  // Of which a byte is the body.
  auto sent = fill("1;" + std::string(100, 'x') + "\r\nx\r\n", 1'000'000);
  CHECK(sent < 600'000);
}

TEST_CASE("nobody guesses where a request ends") {
  std::string te = "Transfer-Encoding: ";
  std::string body = "1\r\nx\r\n0\r\n\r\n";
  CHECK(status_for(te + "chunked\r\n", body) == 0);
  CHECK(status_for(te + "CHUNKED\r\n", body) == 0);
  for (auto coding : {"gzip", "chunked, gzip", "chunked, chunked", "x", "",
                      "chunked;a=b", "xchunked"}) {
    INFO(coding);
    CHECK(status_for(te + coding + "\r\n", body) == 400);
  }
  CHECK(status_for(te + "chunked\r\n" + te + "chunked\r\n", body) == 400);
  CHECK(status_for(te + "chunked\r\n" + te + "gzip\r\n", body) == 400);
  CHECK(status_for(te + "gzip, chunked\r\n", body) == 501);
  CHECK(status_for(te + "gzip\r\n" + te + "chunked\r\n", body) == 501);
  CHECK(status_for(te + "chunked\r\n", body, "1.0") == 400);
  for (auto list :
       {", chunked", "chunked,", " ,\t,chunked ,", "\r\n chunked"}) {
    INFO(list);
    fixture f;
    CHECK(f.read("POST / HTTP/1.1\r\n" + te + list + "\r\n\r\n" + body)
          == state::whole);
    CHECK(f.reader.request().body() == "x");
    CHECK(f.reader.rest().empty());
  }
  for (auto coding : {"\"chunked\"", "chunked;", "chunked x", "chunked\t\tx",
                      ";, chunked", "x;a=\"b, chunked", "gzip;q=1, chunked"}) {
    INFO(coding);
    CHECK(status_for(te + coding + "\r\n", body) >= 400);
  }
  for (auto bad :
       {"1 1", "+1", "1,", ",1", "0x1", "", "1;", "18446744073709551617"}) {
    INFO(bad);
    CHECK(status_for("Content-Length: " + std::string{bad} + "\r\n", "x")
          >= 400);
  }
  std::string length = "Content-Length: 1\r\n";
  CHECK(status_for(length, "x") == 0);
  CHECK(status_for(length + length, "x") == 400);
  CHECK(status_for("Content-Length: 1, 1\r\n", "x") == 400);
  CHECK(status_for(length + "Content-Length: 2\r\n", "xy") == 400);
  CHECK(status_for(length + te + "chunked\r\n", body) == 400);
  CHECK(status_for(te + "chunked\r\n" + length, body) == 400);
  CHECK(status_for("Content-Length: -1\r\n") == 400);
}

TEST_CASE("a body that is too large is refused before it comes") {
  CHECK(status_for("Content-Length: 900000\r\nExpect: 100-continue\r\n")
        == 413);
}

TEST_CASE("a client that waits for a word before its body is told once") {
  auto expects = [](const std::string& headers, std::string_view body = {}) {
    fixture f;
    f.read("POST / HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n"
           + std::string{body});
    auto result = f.reader.take_expectation();
    CHECK_FALSE(f.reader.take_expectation());
    return result;
  };
  std::string length = "Content-Length: 5\r\n";
  std::string expect = "Expect: 100-continue\r\n";
  CHECK(expects(length + expect));
  CHECK(expects("Transfer-Encoding: chunked\r\nEXPECT: 100-Continue\r\n"));
  CHECK_FALSE(expects(length));
  CHECK_FALSE(expects(expect));
  CHECK_FALSE(expects(length + expect, "hel"));
}

TEST_CASE("what stands behind a body is no header") {
  fixture f;
  f.read("POST / HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\n"
         "Transfer-Encoding: chunked\r\n\r\n");
  CHECK(f.read("1\r\nx\r\n0\r\nHost: y\r\nCookie: c=d\r\nX: z\r\n\r\n")
        == state::whole);
  auto& req = f.reader.request();
  CHECK(req.body() == "x");
  CHECK(req.target() == "/");
  CHECK(req.count("Host") == 1);
  CHECK(req["Host"] == "x");
  CHECK(req["Cookie"] == "a=b");
  CHECK(req.count("X") == 0);
}

TEST_CASE("several lines of a list are one") {
  fixture f;
  f.read(
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nCookie: a=b\r\n"
    "Connection: Upgrade\r\nCookie: c=d\r\nX: 1\r\nX: 2\r\n\r\n");
  auto& req = f.reader.request();
  CHECK(req["Connection"] == "keep-alive, Upgrade");
  CHECK(req["Cookie"] == "a=b; c=d");
  CHECK(req.count("Cookie") == 1);
  CHECK(req.count("X") == 2);
}
