#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <rapidjson/document.h>

#include "flamigo/tracing/tracer.hpp"

namespace flamigo::test {

/// What a line says of one step.
struct seen_span {
  std::string trace;
  std::string id;
  std::string parent;
  std::string name;
  int kind = 0;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::map<std::string, std::string> attributes;
  std::string linked_trace;
  std::string linked_span;
  int code = 0;
  std::string message;
  std::string service;
};

/// Fails the test unless the line has the shape of OTLP/JSON.
inline seen_span read_span(const std::string& line) {
  CAPTURE(line);
  CHECK(line.find('\n') == line.npos);
  rapidjson::Document doc;
  doc.Parse(line.data(), line.size());
  REQUIRE_FALSE(doc.HasParseError());
  auto attributes_of = [](const rapidjson::Value& list) {
    std::map<std::string, std::string> result;
    for (auto& x : list.GetArray()) {
      auto& value = x["value"];
      REQUIRE(value.MemberCount() == 1);
      auto& only = value.MemberBegin()->value;
      // Numbers of 64 bits are texts as well.
      REQUIRE(only.IsString());
      result[x["key"].GetString()] = only.GetString();
    }
    return result;
  };
  REQUIRE(doc["resourceSpans"].Size() == 1);
  auto& resource = doc["resourceSpans"][0];
  seen_span result;
  result.service
    = attributes_of(resource["resource"]["attributes"])["service.name"];
  REQUIRE(resource["scopeSpans"].Size() == 1);
  auto& scope = resource["scopeSpans"][0];
  CHECK(scope["scope"]["name"] == "flamigo");
  REQUIRE(scope["spans"].Size() == 1);
  auto& span = scope["spans"][0];
  result.trace = span["traceId"].GetString();
  result.id = span["spanId"].GetString();
  if (span.HasMember("parentSpanId"))
    result.parent = span["parentSpanId"].GetString();
  result.name = span["name"].GetString();
  result.kind = span["kind"].GetInt();
  result.begin = std::stoull(span["startTimeUnixNano"].GetString());
  result.end = std::stoull(span["endTimeUnixNano"].GetString());
  result.attributes = attributes_of(span["attributes"]);
  if (span.HasMember("links")) {
    REQUIRE(span["links"].Size() == 1);
    result.linked_trace = span["links"][0]["traceId"].GetString();
    result.linked_span = span["links"][0]["spanId"].GetString();
  }
  auto& status = span["status"];
  if (status.HasMember("code")) {
    result.code = status["code"].GetInt();
    result.message = status["message"].GetString();
  }
  CHECK(result.trace.size() == 32);
  CHECK(result.id.size() == 16);
  CHECK(result.begin <= result.end);
  return result;
}

/// A tracer whose lines are kept. Any thread.
class span_capture {
public:
  explicit span_capture(double sample = 1)
    : by({.sample = sample, .service = "test"}, [this](std::string_view line) {
        std::lock_guard guard{mutex_};
        lines_.emplace_back(line);
      }) {
  }

  std::vector<std::string> lines() const {
    std::lock_guard guard{mutex_};
    return lines_;
  }

  /// In the order in which they have ended.
  std::vector<seen_span> spans() const {
    std::vector<seen_span> result;
    for (auto& line : lines())
      result.push_back(read_span(line));
    return result;
  }

private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;

public:
  const tracer by;
};

/// The one of that name; fails the test if there is none, or several.
inline seen_span only(const std::vector<seen_span>& all,
                      std::string_view name) {
  CAPTURE(name);
  std::vector<seen_span> found;
  for (auto& x : all)
    if (x.name == name)
      found.push_back(x);
  REQUIRE(found.size() == 1);
  return found.front();
}

} // namespace flamigo::test
