#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>
#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/json/detail/bytes_within.hpp"
#include "flamigo/json/json.hpp"

using namespace flamigo;

namespace {

struct picture {
  std::string name;
  bytes data;
};

BOOST_DESCRIBE_STRUCT(picture, (), (name, data))

struct album {
  std::map<std::string, picture> by_name;
  std::optional<std::pair<int, bytes>> cover;
  std::array<bytes, 2> corners;
  std::vector<album> albums;
  std::string text;
};

BOOST_DESCRIBE_STRUCT(album, (), (by_name, cover, corners, albums, text))

struct tree {
  std::vector<tree> trees;
  raw_json any;
};

BOOST_DESCRIBE_STRUCT(tree, (), (trees, any))

template <class T>
std::vector<std::string> found_in(const std::string& json) {
  detail::json_tape tape;
  REQUIRE_FALSE(tape.parse(json));
  detail::token_list found;
  detail::finder_of<T>()(tape.root(), found);
  std::vector<std::string> result;
  for (auto* x : found)
    result.emplace_back(x->view());
  return result;
}

} // namespace

TEST_CASE("bytes are a string in base64") {
  // RFC 4648, 10.
  struct {
    const char* data;
    const char* json;
  } rows[] = {{"", R"("")"},
              {"f", R"("Zg==")"},
              {"fo", R"("Zm8=")"},
              {"foo", R"("Zm9v")"},
              {"foob", R"("Zm9vYg==")"},
              {"fooba", R"("Zm9vYmE=")"},
              {"foobar", R"("Zm9vYmFy")"}};
  for (auto& [data, json] : rows) {
    CHECK(to_json(bytes{data}) == json);
    auto back = from_json<bytes>(json);
    REQUIRE(back);
    CHECK(back->data == data);
  }
}

TEST_CASE("all bytes go through JSON") {
  bytes all;
  for (int i = 0; i < 256; ++i)
    all.data.push_back(static_cast<char>(i));
  auto json = to_json(picture{"all", all});
  CHECK(is_json(json));
  auto back = from_json<picture>(json);
  REQUIRE(back);
  CHECK(back->data == all);
  // A slash may be escaped.
  auto slash = from_json<bytes>(R"("\/\/8=")");
  REQUIRE(slash);
  CHECK(slash->data == "\xFF\xFF");
}

TEST_CASE("what is not base64 is no bytes") {
  for (auto json :
       {R"(7)", R"(null)", R"({"data":""})", R"("Zg")", R"("Zg=")", R"("Z===")",
        R"("Zm 9v")", R"("Zm9_")", R"("====")", R"("Zh==")"}) {
    CAPTURE(json);
    auto in = from_json<bytes>(json);
    REQUIRE(!in);
    CHECK(in.error() == errc::invalid_payload);
  }
}

TEST_CASE("a type says whether it holds bytes") {
  CHECK(detail::finder_of<bytes>() != nullptr);
  CHECK(detail::finder_of<album>() != nullptr);
  CHECK(detail::finder_of<tree>() == nullptr);
  CHECK(detail::finder_of<std::string>() == nullptr);
  CHECK(detail::finder_of<std::map<std::string, raw_json>>() == nullptr);
  CHECK(detail::finder_of<void>() == nullptr);
}

TEST_CASE("bytes are found in the JSON of their type") {
  album inner{{}, {}, {{{"c"}, {"d"}}}, {}, "Zg=="};
  album what{{{"x", {"Zg==", {"a"}}}}, {{7, {"b"}}}, {}, {inner}, ""};
  CHECK(found_in<album>(to_json(what))
        == std::vector<std::string>{"YQ==", "Yg==", "", "", "Yw==", "ZA=="});
  // What does not look as the type says is passed over.
  for (auto json : {"7", "[]", "{}", R"({"by_name":["Zg=="],"cover":"Zg=="})",
                    R"({"cover":[1],"corners":7,"albums":["Zg=="]})"})
    CHECK(found_in<album>(json).empty());
  CHECK(found_in<picture>(R"({"d\u0061ta":"Zg=="})").size() == 1);
}
