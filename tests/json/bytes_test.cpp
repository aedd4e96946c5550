#include <string>
#include <vector>

#include <boost/describe/class.hpp>
#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"

using namespace flamigo;

namespace {

struct picture {
  std::string name;
  bytes data;
};

BOOST_DESCRIBE_STRUCT(picture, (), (name, data))

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
