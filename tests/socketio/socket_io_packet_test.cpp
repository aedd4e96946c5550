#include "flamigo/socketio/detail/socket_io_packet.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"

using namespace flamigo;
using detail::socket_io_packet;
using kind = socket_io_packet::kind;

TEST_CASE("packets are taken apart and put together") {
  struct row {
    std::string_view text;
    socket_io_packet what;
  };
  for (auto& [text, what] : {
         row{"0", {kind::connect}},
         row{R"(0{"token":"t"})",
             {kind::connect, 0, "/", "", R"({"token":"t"})"}},
         row{"0/admin,", {kind::connect, 0, "/admin"}},
         row{"1", {kind::disconnect}},
         row{R"(2["a",{}])", {kind::event, 0, "/", "", R"(["a",{}])"}},
         row{R"(2/x,17["a"])", {kind::event, 0, "/x", "17", R"(["a"])"}},
         row{"30[]", {kind::ack, 0, "/", "0", "[]"}},
         row{R"(4{"message":"no"})",
             {kind::connect_error, 0, "/", "", R"({"message":"no"})"}},
         row{R"(51-["b"])", {kind::binary_event, 1, "/", "", R"(["b"])"}},
         row{R"(62-/x,7[1])", {kind::binary_ack, 2, "/x", "7", "[1]"}},
       }) {
    CAPTURE(text);
    socket_io_packet read;
    REQUIRE(!detail::parse_packet(text, read));
    CHECK(read.name_space == what.name_space);
    CHECK(read == what);
    std::string written;
    detail::append_packet(written, read);
    if (what.type != kind::connect || text.back() != ',')
      CHECK(written == text);
  }
}

TEST_CASE("a namespace need not end with a comma") {
  socket_io_packet read;
  REQUIRE(!detail::parse_packet("1/admin", read));
  CHECK(read.name_space == "/admin");
  std::string written;
  detail::append_packet(written, read);
  CHECK(written == "1/admin,");
}

TEST_CASE("what is no packet is refused with a sentence") {
  std::string long_name = "2/" + std::string(300, 'x') + ",[1]";
  for (std::string_view text : {
         std::string_view{""},
         std::string_view{"7[]"},
         std::string_view{"x"},
         std::string_view{"2"},
         std::string_view{"2{}"},
         std::string_view{"2abc"},
         std::string_view{"0[1]"},
         std::string_view{"07"},
         std::string_view{"1{}"},
         std::string_view{"4"},
         std::string_view{"3[]"},
         std::string_view{"3"},
         std::string_view{"5[\"a\"]"},
         std::string_view{"5-[\"a\"]"},
         std::string_view{"599999999999-[\"a\"]"},
         std::string_view{"51[\"a\"]"},
         std::string_view{"2-1[\"a\"]"},
         std::string_view{"21234567890123456[\"a\"]"},
         std::string_view{long_name},
       }) {
    CAPTURE(text);
    socket_io_packet read;
    auto why = detail::parse_packet(text, read);
    CHECK(why == errc::malformed);
    CHECK_FALSE(public_message(why).empty());
  }
}
