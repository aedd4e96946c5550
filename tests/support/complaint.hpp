#pragma once

#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"

/// Why a text is no `T`, as "field: error", one a line.
template <class T>
std::string complaint(std::string_view text) {
  INFO(text);
  auto x = flamigo::from_json<T>(text);
  REQUIRE_FALSE(x);
  CHECK(x.error() == flamigo::errc::invalid_payload);
  std::string result;
  for (auto& [field, error] : flamigo::field_errors_of(x.error()))
    result += (result.empty() ? "" : "\n") + field + ": " + error;
  return result;
}

/// What becomes of a text that is a `T`.
template <class T>
std::string there_and_back(std::string_view text) {
  INFO(text);
  auto x = flamigo::from_json<T>(text);
  REQUIRE(x);
  return flamigo::to_json(*x);
}
