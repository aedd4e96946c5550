#include "flamigo/websocket/detail/upgrade_token.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;
using detail::has_impossible_token;
using detail::token_of;

namespace {

namespace http = boost::beast::http;

detail::parsed_request with(http::field name, const std::string& value) {
  detail::parsed_request result;
  result.set(name, value);
  return result;
}

std::string header(const std::string& value) {
  return token_of(with(http::field::authorization, value), "");
}

std::string subprotocol(const std::string& value) {
  return token_of(with(http::field::sec_websocket_protocol, value), "");
}

std::string cookie(const std::string& value) {
  return token_of(with(http::field::cookie, value), "session");
}

} // namespace

TEST_CASE("a token comes in an Authorization header") {
  CHECK(header("Bearer a.b-c") == "a.b-c");
  CHECK(header("BEARER   a.b-c \t") == "a.b-c");
  CHECK(header("Bearer").empty());
  CHECK(header("Bearer ").empty());
  CHECK(header("Basic a.b-c").empty());
  CHECK(header("Bearera").empty());
  CHECK(header("Bearer a, Basic b").empty());
  CHECK(header("Bearer a b").empty());
  CHECK(header("Bearer ==").empty());
  CHECK(header("Bearer \xc3\xa4").empty());
  CHECK(header("Bearer a/b+c~d==") == "a/b+c~d==");
  CHECK(header("").empty());
}

TEST_CASE("a token comes as a subprotocol") {
  CHECK(subprotocol("bearer.a.b-c") == "a.b-c");
  CHECK(subprotocol("flamigo.v1, bearer.x") == "x");
  CHECK(subprotocol("bearer.x,flamigo.v1") == "x");
  CHECK(subprotocol("bearer., bearer.y") == "y");
  CHECK(subprotocol("bearer.a b, flamigo.v1").empty());
  // Whatever a subprotocol can have, which an Authorization header has not.
  CHECK(subprotocol("bearer.a!#$%&'*+-.^_`|~9") == "a!#$%&'*+-.^_`|~9");
  CHECK(subprotocol("bearer").empty());
  CHECK(subprotocol("xbearer.y").empty());
  detail::parsed_request twice;
  twice.insert(http::field::sec_websocket_protocol, "flamigo.v1");
  twice.insert(http::field::sec_websocket_protocol, "bearer.z");
  CHECK(token_of(twice, "") == "z");
}

TEST_CASE("a subprotocol has no token that no browser could send") {
  auto impossible = [](const std::string& value) {
    return has_impossible_token(
      with(http::field::sec_websocket_protocol, value));
  };
  for (auto value : {"bearer.a==", "bearer.a/b", "flamigo.v1, bearer.a b",
                     "bearer.x, bearer.y=", "bearer.\xc3\xa4"}) {
    INFO(value);
    CHECK(impossible(value));
  }
  CHECK(subprotocol("bearer.a==").empty());
  for (auto value : {"bearer.a.b-c", "flamigo.v1", "bearer.", "a=="}) {
    INFO(value);
    CHECK_FALSE(impossible(value));
  }
  CHECK_FALSE(has_impossible_token({}));
}

TEST_CASE("a token comes in a cookie, if one is configured") {
  CHECK(cookie("session=x") == "x");
  CHECK(cookie("a=b; session=x; c=d") == "x");
  CHECK(cookie("a=b;session=x=y") == "x=y");
  CHECK(cookie("session=\"x\"") == "x");
  CHECK(cookie("session=").empty());
  CHECK(cookie("session").empty());
  CHECK(cookie("Session=x").empty());
  CHECK(cookie("xsession=x; sessionx=y").empty());
  CHECK(cookie(";;=;").empty());
  CHECK(token_of(with(http::field::cookie, "=x"), "").empty());
}

TEST_CASE("a header goes before a subprotocol, and that before a cookie") {
  auto all = with(http::field::cookie, "session=c");
  CHECK(token_of(all, "session") == "c");
  all.set(http::field::sec_websocket_protocol, "bearer.b");
  CHECK(token_of(all, "session") == "b");
  all.set(http::field::authorization, "Bearer a");
  CHECK(token_of(all, "session") == "a");
}
