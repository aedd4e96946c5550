#include "flamigo/json/json.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"

using namespace flamigo;

namespace {

enum class order {
  ascending,
  descending
};

BOOST_DESCRIBE_ENUM(order, ascending, descending)

/// All scalars; zero is a default as any other.
struct page {
  int offset = 0;
  int limit = 20;
  bool deep = false;
  double factor = 1.5;
  order by = order::ascending;
  int key;
};

BOOST_DESCRIBE_STRUCT(page, (), (offset, limit, deep, factor, by, key))

struct range {
  int from;
  int to = 9;
};

BOOST_DESCRIBE_STRUCT(range, (), (from, to))

/// With members that only differ by their value.
struct query : page {
  std::string text;
  std::string sort = "name";
  std::string blank = "";
  std::vector<int> sizes{1, 2};
  std::array<int, 2> pair{};
  range within;
  range beyond{.from = 5};
  std::optional<int> most;
  std::optional<int> least = 3;
  raw_json extra;
};

BOOST_DESCRIBE_STRUCT(query, (page),
                      (text, sort, blank, sizes, pair, within, beyond, most,
                       least, extra))

/// Not made in a constant expression.
struct table {
  std::map<std::string, int> cells;
  std::map<std::string, int> sums{{"all", 1}};
  int zero = 0;
  int limit = 20;
  int key;
};

BOOST_DESCRIBE_STRUCT(table, (), (cells, sums, zero, limit, key))

struct made {
  made() : limit(20) {
  }

  int limit;
  std::string name;
};

BOOST_DESCRIBE_STRUCT(made, (), (limit, name))

/// Leaves out some of what it has, which has any value then.
struct half_made {
  half_made() : name("x") {
  }

  int limit;
  range within;
  std::array<int, 2> pair;
  std::string name;
};

BOOST_DESCRIBE_STRUCT(half_made, (), (limit, within, pair, name))

struct around_half_made : half_made {
  std::map<std::string, int> cells;
  half_made inner;
  int most = 3;
};

BOOST_DESCRIBE_STRUCT(around_half_made, (half_made), (cells, inner, most))

/// The default is another one each time.
struct ticket {
  int number = ++last;
  static inline int last = 0;
};

BOOST_DESCRIBE_STRUCT(ticket, (), (number))

template <class T>
std::vector<std::string> required() {
  std::vector<std::string> result;
  T out{};
  for (auto& x : field_errors_of(from_json("{}", out))) {
    CHECK(x.error == "is required");
    result.push_back(x.field);
  }
  return result;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("a member with a default need not come") {
  CHECK(required<page>() == names{"key"});
  auto x = from_json<page>(R"({"key":1})");
  REQUIRE(x);
  CHECK(x->offset == 0);
  CHECK(x->limit == 20);
  CHECK_FALSE(x->deep);
  CHECK(x->factor == 1.5);
  CHECK(x->by == order::ascending);
  x = from_json<page>(R"({"key":1,"limit":3,"by":"descending"})");
  REQUIRE(x);
  CHECK(x->limit == 3);
  CHECK(x->by == order::descending);
}

TEST_CASE("what is neither zero nor empty is a default of any type") {
  // What is empty by itself cannot be told from what has no default.
  CHECK(required<query>()
        == names{"key", "text", "blank", "pair", "within", "extra"});
  auto x = from_json<query>(R"({"key":1,"text":"","blank":"","pair":[1,2],
                                "within":{"from":3},"extra":null})");
  REQUIRE(x);
  CHECK(x->limit == 20);
  CHECK(x->sort == "name");
  CHECK(x->sizes == std::vector{1, 2});
  CHECK(x->beyond.from == 5);
  CHECK(x->within.to == 9);
  CHECK_FALSE(x->most);
  CHECK(x->least == 3);
  x = from_json<query>(R"({"key":1,"text":"","blank":"","pair":[1,2],
                            "within":{"from":3},"extra":null,"least":null})");
  REQUIRE(x);
  CHECK_FALSE(x->least);
}

TEST_CASE("in a struct that is no constant a zero is no default") {
  CHECK(required<table>() == names{"cells", "zero", "key"});
}

TEST_CASE("what a constructor may have left out is not looked at") {
  CHECK(required<made>() == names{"limit", "name"});
  CHECK(required<half_made>() == names{"limit", "within", "pair"});
  CHECK(required<around_half_made>()
        == names{"limit", "within", "pair", "cells", "inner", "most"});
}

TEST_CASE("a default replaces what stood in the object before") {
  page x{.offset = 1, .limit = 2, .key = 3};
  REQUIRE_FALSE(from_json(R"({"key":4})", x));
  CHECK(x.offset == 0);
  CHECK(x.limit == 20);
  CHECK(x.key == 4);
}

TEST_CASE("a default is made anew each time") {
  auto first = from_json<ticket>("{}");
  auto second = from_json<ticket>("{}");
  REQUIRE(first);
  REQUIRE(second);
  CHECK(second->number > first->number);
}

TEST_CASE("a default does not excuse what has come") {
  page x{};
  auto errors = field_errors_of(from_json(R"({"key":1,"limit":null})", x));
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].field == "limit");
}

TEST_CASE("defaults are listed") {
  CHECK(default_members<page>()
        == R"({"offset":0,"limit":20,"deep":false,"factor":1.5,)"
           R"("by":"ascending"})");
  CHECK(default_members<table>() == R"({"sums":{"all":1},"limit":20})");
  CHECK(default_members<range>() == R"({"to":9})");
  CHECK(default_members<std::string>() == "{}");
}
