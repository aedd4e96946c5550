#include "flamigo/wire/laden_text.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/json/json.hpp"

using namespace flamigo;

namespace {

constexpr std::string_view zero = R"({"_placeholder":true,"num":0})";
constexpr std::string_view one = R"({"_placeholder":true,"num":1})";

std::string lifted(std::string text, std::size_t head,
                   detail::bytes_finder where) {
  lift_bytes(text, head, where);
  return text;
}

const auto some = detail::finder_of<std::vector<bytes>>();
const auto each = detail::finder_of<bytes>();

} // namespace

TEST_CASE("bytes are taken out of what is said") {
  auto z = std::string{zero};
  auto o = std::string{one};
  // An event, with offsets as well; a part; an answer.
  CHECK(lifted(R"(["a","YWI="])", 0, each) == R"(b2-["a",)" + z + "]ab");
  CHECK(lifted(R"(2["a",["","Yw=="],{"offsets":{}}])", 1, some)
        == R"(b0,1-2["a",[)" + z + "," + o + R"(],{"offsets":{}}]c)");
  CHECK(lifted(R"(2["stream",{"id":"s","payload":"YQ=="}])", 1, each)
        == R"(b1-2["stream",{"id":"s","payload":)" + z + "}]a");
  CHECK(lifted(R"(37[{"payload":["YQ==","YQ=="]}])", 2, some)
        == R"(b1,1-37[{"payload":[)" + z + "," + o + "]}]aa");
}

TEST_CASE("what is no bytes stays") {
  for (std::string text :
       {R"(["a"])", R"(["a",7])", R"(["a","no base64"])", R"(["a",{}])", "[]",
        R"([{"error":"YQ=="}])", R"(["stream","YQ=="])", "{}", "no JSON"}) {
    CAPTURE(text);
    CHECK(lifted(text, 0, each) == text);
  }
  // More than a stock client takes.
  std::vector<bytes> many(laden_text::max_attachments, {"a"});
  auto text = [&] { return "[\"a\"," + to_json(many) + "]"; };
  CHECK(is_laden(lifted(text(), 0, some)));
  many.push_back({"a"});
  CHECK(lifted(text(), 0, some) == text());
}

TEST_CASE("bytes are found again behind their JSON") {
  std::string all;
  for (int i = 0; i < 256; ++i)
    all.push_back(static_cast<char>(i));
  auto json = "2[\"a-b\"," + to_json(std::vector<bytes>{{all}, {}, {"-"}})
              + "]";
  auto text = lifted(json, 1, some);
  auto what = read_laden(text);
  REQUIRE(what.attachments.size() == 3);
  CHECK(what.attachments[0] == all);
  CHECK(what.attachments[1].empty());
  CHECK(what.attachments[2] == "-");
  CHECK(what.json.starts_with("2[\"a-b\",[{"));
  CHECK(is_json(what.json.substr(1)));
}
