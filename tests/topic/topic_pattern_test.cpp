#include "flamigo/topic/topic_pattern.hpp"

#include <random>
#include <stdexcept>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"

using namespace flamigo;

namespace {

bool matches(const char* pattern, const char* name) {
  return topic_pattern{pattern}.matches(topic{name});
}

// -- an oracle: all patterns that match a topic, spelled out ------------------

using path = std::vector<std::string>;

std::string join(const path& xs) {
  std::string result;
  for (auto& x : xs)
    result += (&x == &xs.front() ? "" : "/") + x;
  return result;
}

void add_patterns(const path& name, path pattern,
                  std::vector<std::string>& result) {
  if (!pattern.empty())
    result.push_back(join(pattern));
  if (pattern.size() == name.size())
    return;
  for (auto& next : {name[pattern.size()], std::string{"*"}}) {
    pattern.push_back(next);
    add_patterns(name, pattern, result);
    pattern.pop_back();
  }
}

std::vector<std::string> matching_patterns(const path& name) {
  std::vector<std::string> result;
  add_patterns(name, {}, result);
  return result;
}

class generator {
public:
  explicit generator(unsigned seed) : random_(seed) {
    // nop
  }

  // Few names, of which some begin with others.
  path operator()(std::vector<std::string> names) {
    path result(pick(5) + 1);
    for (auto& x : result)
      x = names[pick(names.size())];
    return result;
  }

private:
  std::size_t pick(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>{0, n - 1}(random_);
  }

  std::mt19937 random_;
};

} // namespace

TEST_CASE("a pattern matches a topic and all below it") {
  CHECK(matches("users/*", "users/42"));
  CHECK(matches("users/*", "users/42/profile"));
  CHECK(matches("users", "users"));
  CHECK(matches("users", "users/42"));
  CHECK(matches("users", "users/42/profile"));
  CHECK(matches("users/*/profile", "users/42/profile"));
  CHECK(matches("users/*/profile", "users/42/profile/picture"));
  CHECK(matches("*", "users"));
  CHECK(matches("*/*", "users/42/profile"));
}

TEST_CASE("a pattern does not match what is above or beside it") {
  CHECK_FALSE(matches("users/*/profile", "users/42"));
  CHECK_FALSE(matches("users/*", "users"));
  CHECK_FALSE(matches("users/42", "users/43"));
  CHECK_FALSE(matches("users/4", "users/42"));
  CHECK_FALSE(matches("users/42", "users/4"));
  CHECK_FALSE(matches("user", "users"));
  CHECK_FALSE(matches("users", "user"));
  CHECK_FALSE(matches("Users", "users"));
  CHECK_FALSE(matches("*/*/*", "users/42"));
}

TEST_CASE("the empty pattern and the empty topic match nothing") {
  CHECK_FALSE(topic_pattern{}.matches(topic{"users"}));
  CHECK_FALSE(topic_pattern{}.matches(topic{}));
  CHECK_FALSE(topic_pattern{"*"}.matches(topic{}));
}

TEST_CASE("a topic is a pattern") {
  topic_pattern x = topic{"users/42"};
  CHECK(x == topic_pattern{"users/42"});
  CHECK(flamigo::matches(topic{"users"}, topic{"users/42"}));
  CHECK(topic_pattern{topic{}}.empty());
}

TEST_CASE("patterns that could never match are refused") {
  for (auto text : {"", "/", "/users", "users/", "users//42", "us*rs", "users*",
                    "**", "users/**", "*users"}) {
    auto x = topic_pattern::parse(text);
    REQUIRE_FALSE(x);
    CHECK(x.error() == errc::invalid_payload);
    CHECK_THROWS_AS(topic_pattern{text}, std::invalid_argument);
  }
  CHECK(public_message(topic_pattern::parse("users*").error())
        == "\"users*\" is no pattern: an asterisk stands for a whole segment");
  auto good = topic_pattern::parse("users/*/profile");
  REQUIRE(good);
  CHECK(to_string(*good) == "users/*/profile");
}

TEST_CASE("random topics and patterns match as an oracle says") {
  generator next{42};
  int matched = 0;
  for (int i = 0; i < 5'000; ++i) {
    auto name = next({"a", "b", "ab", "aa"});
    topic what{join(name)};
    auto patterns = matching_patterns(name);
    for (auto& pattern : patterns)
      REQUIRE(topic_pattern{pattern}.matches(what));
    for (int j = 0; j < 20; ++j) {
      auto pattern = join(next({"a", "b", "ab", "aa", "*"}));
      auto expected = std::find(patterns.begin(), patterns.end(), pattern)
                      != patterns.end();
      matched += expected;
      INFO(pattern << " and " << what.text());
      REQUIRE(topic_pattern{pattern}.matches(what) == expected);
    }
  }
  // Both answers have been seen.
  CHECK(matched > 5'000);
  CHECK(matched < 95'000);
}

TEST_CASE("a pattern has an end") {
  auto deep = [](std::size_t segments) {
    std::string result = "a";
    while (--segments > 0)
      result += "/a";
    return result;
  };
  CHECK(topic_pattern::parse(std::string(topic::max_bytes, 'a')));
  CHECK(topic_pattern::parse(deep(topic::max_segments)));
  const std::string long_text(topic::max_bytes + 1, 'a');
  CHECK(public_message(topic_pattern::parse(long_text).error())
        == "a pattern of 1025 bytes is too large: at most 1024 are possible");
  CHECK(
    public_message(topic_pattern::parse(deep(topic::max_segments + 1)).error())
    == "a pattern of 33 segments is too large: at most 32 are possible");
  CHECK_THROWS_AS(topic_pattern{long_text}, std::invalid_argument);
  // The largest text that a client can send is refused as quickly.
  CHECK_FALSE(topic_pattern::parse(deep(500'000)));
}
