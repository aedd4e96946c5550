#include "flamigo/log/log.hpp"

#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "flamigo/error/error.hpp"
#include "support/log_capture.hpp"

namespace lg = flamigo::log;

using flamigo::test::log_capture;

namespace {

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size()
         && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

} // namespace

TEST_CASE("levels have names") {
  for (auto name : {"trace", "debug", "info", "warning", "error", "off"}) {
    auto level = lg::level::off;
    CHECK(lg::from_string(name, level));
    CHECK(to_string(level) == name);
  }
  auto level = lg::level::debug;
  CHECK_FALSE(lg::from_string("loud", level));
  CHECK_FALSE(lg::from_string("", level));
  CHECK_FALSE(lg::from_string("Info", level));
  CHECK(level == lg::level::debug);
}

TEST_CASE("a line has a time, a level and its text") {
  log_capture out;
  lg::info("a client came");
  lg::warn("100% {} %v");
  auto lines = out.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].substr(0, 2) == "20");
  CHECK(ends_with(lines[0], " info a client came"));
  // Not a format string to anyone.
  CHECK(ends_with(lines[1], " warning 100% {} %v"));
}

TEST_CASE("lines below the level are left out") {
  log_capture out;
  CHECK(lg::get_level() == lg::level::info);
  CHECK(lg::enabled(lg::level::info));
  CHECK_FALSE(lg::enabled(lg::level::debug));
  lg::debug("too fine");
  lg::set_level(lg::level::warning);
  lg::info("too fine");
  lg::warn("coarse enough");
  lg::set_level(lg::level::off);
  CHECK_FALSE(lg::enabled(lg::level::error));
  CHECK_FALSE(lg::enabled(lg::level::off));
  lg::error("nobody listens");
  lg::write(lg::level::off, "nobody ever listens");
  lg::set_level(lg::level::trace);
  lg::trace("fine");
  CHECK(lg::get_level() == lg::level::trace);
  auto lines = out.lines();
  REQUIRE(lines.size() == 2);
  CHECK(ends_with(lines[0], "coarse enough"));
  CHECK(ends_with(lines[1], " trace fine"));
}

TEST_CASE("what somebody looks at is written whatever the level") {
  log_capture out;
  lg::set_level(lg::level::off);
  lg::write_anyway(lg::level::trace, "one\ntwo");
  lg::set_level(lg::level::info);
  auto lines = out.lines();
  REQUIRE(lines.size() == 1);
  CHECK(ends_with(lines[0], " trace one\\ntwo"));
}

TEST_CASE("a text of a peer cannot forge a line") {
  log_capture out;
  lg::info("reason \"x\"\n2030-01-01 00:00:00.000 error all is lost\r\x1b[2J");
  auto lines = out.lines();
  REQUIRE(lines.size() == 1);
  CHECK(ends_with(lines[0],
                  "reason \"x\"\\n2030-01-01 00:00:00.000 error all is "
                  "lost\\r\\x1b[2J"));
}

TEST_CASE("threads write whole lines") {
  log_capture out;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([] {
      for (int j = 0; j < 250; ++j)
        lg::info("the quick brown fox");
    });
  for (auto& x : threads)
    x.join();
  auto lines = out.lines();
  CHECK(lines.size() == 1'000);
  for (auto& line : lines)
    REQUIRE(ends_with(line, " info the quick brown fox"));
}

TEST_CASE("a file that cannot be written leaves the log as it was") {
  log_capture out;
  auto err = lg::open_file("/dev/null/flamigo.log");
  REQUIRE(err);
  CHECK(flamigo::trace_of(err).find("/dev/null/flamigo.log")
        != std::string::npos);
  lg::info("still here");
  CHECK(out.lines().size() == 1);
}

TEST_CASE("an application finds the logger by its name") {
  lg::info("the log is made when it is needed");
  auto logger = spdlog::get("flamigo");
  REQUIRE(logger != nullptr);
  // A sink of its own is called at once.
  std::ostringstream text;
  auto own = std::make_shared<spdlog::sinks::ostream_sink_st>(text);
  own->set_pattern("%l %v");
  logger->sinks().push_back(own);
  lg::warn("to both");
  CHECK(text.str() == "warning to both\n");
  logger->sinks().pop_back();
  // And what it logs by it goes the same way.
  log_capture out;
  logger->info("{} and {}", 1, 2);
  auto lines = out.lines();
  REQUIRE(lines.size() == 1);
  CHECK(ends_with(lines[0], " info 1 and 2"));
}

TEST_CASE("what could fool a log or a terminal is escaped") {
  using std::string;
  using namespace std::string_literals;
  CHECK(lg::escape("") == "");
  CHECK(lg::escape("plain text, \"quotes\" and \\")
        == R"(plain text, "quotes" and \)");
  CHECK(lg::escape("a\nb\rc\td") == R"(a\nb\rc\td)");
  CHECK(lg::escape("\0\x01\x1b[31m\x7f"s) == R"(\x00\x01\x1b[31m\x7f)");
  // C1 controls: CSI is one character there.
  CHECK(lg::escape("\xc2\x9b") == R"(\u009b)");
  CHECK(lg::escape("\xc2\x85") == R"(\u0085)");
  // Line separator, right-to-left override, isolate, mark.
  CHECK(lg::escape("\xe2\x80\xa8|\xe2\x80\xae|\xe2\x81\xa6|\xe2\x80\x8f")
        == R"(\u2028|\u202e|\u2066|\u200f)");
}

TEST_CASE("text of any language stays as it is") {
  for (std::string text :
       {"caf\xc3\xa9", "\xc2\xa0", "\xe6\x97\xa5\xe6\x9c\xac",
        "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "\xf0\x9f\xa6\xa9",
        "\xf4\x8f\xbf\xbd"})
    CHECK(lg::escape(text) == text);
}

TEST_CASE("bytes that are no UTF-8 are escaped one by one") {
  CHECK(lg::escape("\x80") == R"(\x80)");
  CHECK(lg::escape("a\xff\xfe") == R"(a\xff\xfe)");
  CHECK(lg::escape("\xc3") == R"(\xc3)");
  CHECK(lg::escape("\xc3(") == R"(\xc3()");
  CHECK(lg::escape("\xc0\x8a") == R"(\xc0\x8a)");         // overlong newline
  CHECK(lg::escape("\xe0\x80\x8a") == R"(\xe0\x80\x8a)"); // the same in three
  CHECK(lg::escape("\xed\xa0\x80") == R"(\xed\xa0\x80)"); // a surrogate
  CHECK(lg::escape("\xf4\x90\x80\x80") == R"(\xf4\x90\x80\x80)"); // too large
  CHECK(lg::escape("\xe2\x82") == R"(\xe2\x82)");                 // cut short
  CHECK(lg::escape("\x9b"
                   "31m")
        == R"(\x9b31m)");
}

TEST_CASE("escaping twice changes nothing more") {
  std::string all;
  for (int i = 0; i < 256; ++i)
    all += static_cast<char>(i);
  auto once = lg::escape(all);
  CHECK(lg::escape(once) == once);
  for (auto c : once)
    REQUIRE(static_cast<unsigned char>(c) >= 0x20);
}
