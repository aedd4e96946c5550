#include "flamigo/websocket/detail/close_frame.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;

TEST_CASE("a reason is cut at the end of a character") {
  auto cut = [](std::string text) {
    auto frame = detail::close_frame_of({3008, std::move(text)});
    CHECK(frame.code == 3008);
    return std::string{frame.reason.data(), frame.reason.size()};
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

TEST_CASE("a close frame without a code has none") {
  CHECK(detail::reason_of(boost::beast::websocket::close_reason{}).code
        == static_cast<std::uint16_t>(close_code::no_status));
}
