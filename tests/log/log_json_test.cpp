#include "flamigo/log/detail/log_json.hpp"

#include <regex>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <rapidjson/document.h>
#include <spdlog/spdlog.h>

#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/log_connection.hpp"
#include "flamigo/log/detail/marked_line.hpp"
#include "flamigo/log/log.hpp"
#include "support/log_capture.hpp"

using namespace flamigo;
using test::log_capture;

namespace {

/// The log in JSON while it lives.
struct json_log {
  json_log() {
    log::set_format(log::format::json);
  }

  json_log(const json_log&) = delete;

  ~json_log() {
    log::set_format(log::format::text);
  }

  log_capture out;
};

rapidjson::Document read(const std::string& line) {
  CAPTURE(line);
  rapidjson::Document result;
  result.Parse(line.data(), line.size());
  REQUIRE_FALSE(result.HasParseError());
  REQUIRE(result.IsObject());
  return result;
}

} // namespace

TEST_CASE("formats have names") {
  for (auto name : {"text", "json"}) {
    auto x = log::format::text;
    CHECK(log::from_string(name, x));
    CHECK(to_string(x) == name);
  }
  auto x = log::format::json;
  CHECK_FALSE(log::from_string("yaml", x));
  CHECK(x == log::format::json);
}

TEST_CASE("a line is an object with its time, its level and its text") {
  json_log f;
  CHECK(log::get_format() == log::format::json);
  log::warn("100% \"quoted\" \\ {}");
  auto lines = f.out.lines();
  REQUIRE(lines.size() == 1);
  auto line = read(lines[0]);
  CHECK(line.MemberCount() == 3);
  // RFC 3339, UTC.
  CHECK(
    std::regex_match(line["time"].GetString(),
                     std::regex{R"(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)"}));
  CHECK(line["level"] == "warning");
  CHECK(line["message"] == "100% \"quoted\" \\ {}");
}

TEST_CASE("a text of a peer cannot forge an object") {
  json_log f;
  log::info("x\"}\n{\"level\":\"error\"\x1e\x1f");
  auto lines = f.out.lines();
  REQUIRE(lines.size() == 1);
  CHECK(read(lines[0])["message"] == R"(x"}\n{"level":"error"\x1e\x1f)");
}

TEST_CASE("nor can one that was logged past the log's own functions") {
  json_log f;
  auto logger = spdlog::get("flamigo");
  logger->info("\x1e{\"level\":\"error\"}");
  logger->info("\x1f,\"user\":\"root\"\x1fin");
  auto lines = f.out.lines();
  REQUIRE(lines.size() == 2);
  CHECK(read(lines[0])["message"] == R"(\x1e{"level":"error"})");
  auto second = read(lines[1]);
  CHECK(second.MemberCount() == 3);
  CHECK(second["message"] == R"(\x1f,"user":"root"\x1fin)");
}

TEST_CASE("a line is no longer than a pipe takes, and an object all the same") {
  json_log f;
  log::info(std::string(log::max_line_bytes, '"'));
  log::info(std::string(3 * log::max_line_bytes, 'x'));
  std::string characters;
  while (characters.size() + 2 <= log::max_line_bytes)
    characters += "\xc3\xa4";
  log::info("a" + characters);
  auto lines = f.out.lines();
  REQUIRE(lines.size() == 3);
  for (auto& line : lines) {
    CHECK(line.size() + 1 <= detail::max_json_line);
    CHECK(line.size() > detail::max_json_line - 100);
  }
  std::string quotes = read(lines[0])["message"].GetString();
  CHECK(quotes.ends_with("\"..."));
  std::string xs = read(lines[1])["message"].GetString();
  CHECK(xs.ends_with("more bytes)"));
  std::string last = read(lines[2])["message"].GetString();
  // Cut between characters, if at all.
  CHECK(log::escape(last) == last);
}

TEST_CASE("a line says what it is about, where that is known") {
  json_log f;
  {
    const detail::connection_origin outer{"c\"1"};
    detail::log_scope scope{&outer};
    log::info("one");
    {
      const detail::connection_origin inner{"c2"};
      detail::log_scope within{&inner};
      log::info("two");
      detail::log_scope nothing{nullptr};
      log::info("three");
    }
    log::info("four");
  }
  log::info("five");
  auto lines = f.out.lines();
  REQUIRE(lines.size() == 5);
  CHECK(read(lines[0])["connection"] == "c\"1");
  CHECK(read(lines[1])["connection"] == "c2");
  CHECK(read(lines[2])["connection"] == "c2");
  CHECK(read(lines[3])["connection"] == "c\"1");
  CHECK_FALSE(read(lines[4]).HasMember("connection"));
}

TEST_CASE("a line about a connection names it, and a step comes first") {
  json_log f;
  detail::log_connection(log::level::info, "c1", " opened");
  const detail::connection_origin step{"c2"};
  detail::log_scope scope{&step};
  detail::log_connection(log::level::warning, "c1", ": no");
  detail::log_connection(log::level::debug, "c1", " is not told of");
  auto lines = f.out.lines();
  REQUIRE(lines.size() == 2);
  CHECK(read(lines[0])["message"] == "connection c1 opened");
  CHECK(read(lines[0])["connection"] == "c1");
  CHECK(read(lines[1])["level"] == "warning");
  CHECK(read(lines[1])["connection"] == "c2");
}

TEST_CASE("as text, a line says what it has always said") {
  log_capture out;
  const detail::connection_origin origin{"c1"};
  detail::log_scope scope{&origin};
  log::info("one");
  auto lines = out.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].ends_with(" info one"));
  CHECK(lines[0].find("c1") == std::string::npos);
}

TEST_CASE("what was queued is taken apart") {
  using detail::marked_line;
  auto plain = marked_line::parse("text");
  CHECK_FALSE(plain.is_whole);
  CHECK(plain.text == "text");
  CHECK(marked_line::parse("").text.empty());
  auto whole = marked_line::parse("\x1eline");
  CHECK(whole.is_whole);
  CHECK(whole.text == "line");
  auto about = marked_line::parse("\x1f,\"a\":1\x1ftext");
  CHECK(about.members == ",\"a\":1");
  CHECK(about.text == "text");
  // Logged past this namespace.
  CHECK(marked_line::parse("\x1ftext").text == "\x1ftext");
}
