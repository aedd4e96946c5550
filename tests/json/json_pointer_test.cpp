#include "flamigo/json/json.hpp"

#include <memory>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/json/detail/bytes_within.hpp"
#include "support/complaint.hpp"

using namespace flamigo;

namespace {

struct node {
  int value;
  std::unique_ptr<node> next;
};

BOOST_DESCRIBE_STRUCT(node, (), (value, next))

struct branch {
  bytes data;
  std::shared_ptr<branch> left;
  std::shared_ptr<branch> right;
  std::vector<std::unique_ptr<branch>> others;
};

BOOST_DESCRIBE_STRUCT(branch, (), (data, left, right, others))

struct counted {
  std::unique_ptr<int> limit = std::make_unique<int>(20);
  std::shared_ptr<int> other;
};

BOOST_DESCRIBE_STRUCT(counted, (), (limit, other))

std::string list_of(int n) {
  std::string result = R"({"value":0})";
  for (auto i = 1; i < n; ++i)
    result = R"({"value":)" + std::to_string(i) + R"(,"next":)" + result + "}";
  return result;
}

} // namespace

TEST_CASE("a pointer is its value, null or nothing") {
  CHECK(there_and_back<node>(R"({"value":1,"next":{"value":2,"next":null}})")
        == R"({"value":1,"next":{"value":2}})");
  CHECK(there_and_back<branch>(
          R"({"data":"","right":{"data":"AA==","others":[null]},
              "others":[{"data":"","others":[]}]})")
        == R"({"data":"","right":{"data":"AA==","others":[null]},)"
           R"("others":[{"data":"","others":[]}]})");
  CHECK(there_and_back<std::unique_ptr<int>>("null") == "null");
  CHECK(type_name<std::unique_ptr<node>>() == "optional<node>");
}

TEST_CASE("what is wrong behind a pointer is told with its path") {
  CHECK(complaint<node>(R"({"value":1,"next":{"next":{"value":"x"}}})")
        == "next.value: is required\nnext.next.value: must be an integer");
  CHECK(complaint<node>(R"({"value":1,"next":[]})")
        == "next: must be an object");
}

TEST_CASE("a pointer may have a default") {
  auto x = from_json<counted>("{}");
  REQUIRE(x);
  REQUIRE(x->limit);
  CHECK(*x->limit == 20);
  CHECK_FALSE(x->other);
  CHECK(default_members<counted>() == R"({"limit":20})");
}

TEST_CASE("a pointer that was there before is not written through") {
  auto before = std::make_shared<int>(7);
  counted x;
  x.other = before;
  REQUIRE_FALSE(from_json(R"({"other":8})", x));
  CHECK(*x.other == 8);
  CHECK(*before == 7);
  REQUIRE_FALSE(from_json("{}", x));
  CHECK_FALSE(x.other);
}

TEST_CASE("a list of pointers ends where a text does") {
  CHECK(there_and_back<node>(list_of(128)) == list_of(128));
  auto too_deep = from_json<node>(list_of(129));
  REQUIRE_FALSE(too_deep);
  CHECK(too_deep.error() == errc::malformed);
}

TEST_CASE("bytes behind pointers are found") {
  detail::json_tape tape;
  REQUIRE_FALSE(tape.parse(R"({"data":"a","left":{"data":"b"},
                              "others":[null,{"data":"c"}]})"));
  detail::token_list found;
  detail::finder_of<branch>()(tape.root(), found);
  CHECK(found.size() == 3);
}
