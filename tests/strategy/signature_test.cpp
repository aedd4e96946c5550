#include "flamigo/strategy/detail/signature.hpp"

#include <functional>
#include <tuple>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo::detail;

namespace {

int plain(char, const int&) {
  return 0;
}

int quiet(char, const int&) noexcept {
  return 0;
}

/// Has two call operators.
struct overloaded {
  void operator()(int) const {
  }

  void operator()(char) const {
  }
};

template <class F>
constexpr bool is_read = std::is_same_v<result_of<F>, int>&&
  std::is_same_v<args_of<F, std::tuple>, std::tuple<char, const int&>>;

} // namespace

TEST_CASE("the signatures of functions and lambdas are read") {
  auto lambda = [](char, const int&) { return 1; };
  auto changing = [](char, const int&) mutable { return 1; };
  auto nothrow = [](char, const int&) noexcept { return 1; };
  auto both = [](char, const int&) mutable noexcept { return 1; };
  STATIC_CHECK(is_read<decltype(&plain)>);
  STATIC_CHECK(is_read<decltype(&quiet)>);
  STATIC_CHECK(is_read<decltype(lambda)>);
  STATIC_CHECK(is_read<decltype(changing)>);
  STATIC_CHECK(is_read<decltype(nothrow)>);
  STATIC_CHECK(is_read<decltype(both)>);
  STATIC_CHECK(is_read<std::function<int(char, const int&)>>);
  STATIC_CHECK(signature<decltype(lambda)>::is_const);
  STATIC_CHECK(signature<decltype(nothrow)>::is_const);
  STATIC_CHECK_FALSE(signature<decltype(changing)>::is_const);
  STATIC_CHECK_FALSE(signature<decltype(both)>::is_const);
}

TEST_CASE("what has no one signature is none") {
  auto generic = [](auto) {};
  STATIC_CHECK_FALSE(has_one_call_operator<decltype(generic)>);
  STATIC_CHECK_FALSE(has_one_call_operator<overloaded>);
  STATIC_CHECK_FALSE(has_one_call_operator<const char*>);
  STATIC_CHECK_FALSE(has_one_call_operator<int>);
}
