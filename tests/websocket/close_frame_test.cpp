#include "flamigo/websocket/detail/close_frame.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;

namespace {

std::string payload(int code, const std::string& reason = {}) {
  std::string result{static_cast<char>(code >> 8),
                     static_cast<char>(code & 0xFF)};
  return result + reason;
}

std::uint16_t number(close_code code) {
  return static_cast<std::uint16_t>(code);
}

} // namespace

TEST_CASE("a reason is cut at the end of a character") {
  auto cut = [](std::string text) {
    auto frame = detail::close_payload({3008, std::move(text)});
    CHECK(frame.starts_with("\x0b\xc0"));
    return frame.substr(2);
  };
  std::string most(123, 'x');
  CHECK(cut("why") == "why");
  CHECK(cut(most) == most);
  CHECK(cut(most + "x") == most);
  // Two bytes, of which one would fit.
  CHECK(cut(std::string(122, 'x') + "\xc3\xa9") == std::string(122, 'x'));
  CHECK(cut(std::string(121, 'x') + "\xc3\xa9x")
        == std::string(121, 'x') + "\xc3\xa9");
}

TEST_CASE("a peer's code is answered with the same") {
  for (auto code : {1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999}) {
    auto [why, answer] = detail::read_close(payload(code, "b\xc3\xbcy"));
    CHECK(why.code == code);
    CHECK(why.reason == "b\xc3\xbcy");
    CHECK(answer.code == code);
    CHECK(answer.reason.empty());
  }
}

TEST_CASE("a close frame without a code has none") {
  auto [why, answer] = detail::read_close({});
  CHECK(why.code == number(close_code::no_status));
  CHECK(answer.code == 1000);
}

TEST_CASE("a close frame that breaks a rule is answered with that") {
  for (auto code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65'535}) {
    auto [why, answer] = detail::read_close(payload(code));
    CHECK(why.code == number(close_code::protocol_error));
    CHECK(answer.code == number(close_code::protocol_error));
    CHECK(answer.reason
          == std::to_string(code) + " is no code of a close frame");
  }
  CHECK(detail::read_close("x").answer.code == 1002);
  CHECK(detail::read_close(payload(1000, "\xff")).answer.code == 1007);
}
