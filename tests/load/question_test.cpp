#include "question.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo::load;

namespace {

std::string written(const question& what, std::uint64_t id) {
  std::string result;
  what.write(result, id);
  return result;
}

/// As an error of the server, or as its answer, has it.
std::string from_server(const std::string& topic, const std::string& ack_id) {
  auto result = R"({"topic":")" + topic + R"(","payload":{"a":1})";
  return result + (ack_id.empty() ? "}" : R"(,"ackId":")" + ack_id + "\"}");
}

} // namespace

TEST_CASE("an echo has to come back word by word") {
  question echo{options{}};
  auto text = written(echo, 7);
  auto same = echo.read(text);
  CHECK(same.id == 7);
  CHECK(same.good);
  text.replace(text.find("word by word"), 4, "Word");
  CHECK_FALSE(echo.read(text).good);
  auto other = written(echo, 8);
  other.replace(other.rfind('8'), 1, "7");
  CHECK_FALSE(echo.read(other).good);
  // Nothing comes but what was asked for.
  CHECK_FALSE(echo.read(from_server("news", "")).event);
}

TEST_CASE("any strategy can be asked") {
  options what;
  what.topic = "app::orders:list";
  CHECK(written(question{what}, 7)
        == R"({"topic":"app::orders:list","payload":null,"ackId":"7"})");
  what.payload = R"({"page":1})";
  question list{what};
  CHECK(written(list, 12)
        == R"({"topic":"app::orders:list","payload":{"page":1},"ackId":"12"})");
  auto good = list.read(from_server("app::orders:list", "12"));
  CHECK(good.id == 12);
  CHECK(good.good);
  auto refused = list.read(from_server("error", "12"));
  CHECK(refused.id == 12);
  CHECK_FALSE(refused.good);
  CHECK_FALSE(list.read(from_server("app::orders:list", "12x")).good);
}

TEST_CASE("what a program tells besides is no answer, and errors are none") {
  options what;
  what.topic = "app::orders:list";
  question list{what};
  CHECK(list.read(from_server("orders:sold", "")).event);
  CHECK_FALSE(list.read(from_server("error", "")).event);
  CHECK_FALSE(list.read(from_server("app::orders:list", "1")).event);
  CHECK_FALSE(list.read("no message").event);
}
