// The table of docs/configuration.md says what `--help` says.

#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "support/configuration_sandbox.hpp"

namespace {

/// Options and their defaults.
using defaults = std::map<std::string, std::string>;

defaults find_all(const std::string& text, const std::regex& row) {
  defaults result;
  for (std::sregex_iterator i{text.begin(), text.end(), row}, end; i != end;
       ++i)
    result.emplace((*i)[1], (*i)[2]);
  return result;
}

defaults of_help() {
  flamigo::test::sandbox dir;
  flamigo::configuration config;
  REQUIRE_FALSE(flamigo::test::load(config, {"--help"}));
  // What is wrapped goes on the line that it belongs to.
  static const std::regex wrapped{"\n {32}"};
  static const std::regex option{R"(  --([a-z-]+)[ =].*\(default: ([^)]*)\))"};
  return find_all(std::regex_replace(config.printout(), wrapped, " "), option);
}

defaults of_page() {
  std::ifstream file{FLAMIGO_DOCS "/configuration.md"};
  std::stringstream text;
  text << file.rdbuf();
  static const std::regex option{R"(\n\| `--([a-z-]+)` \| ([^|]*) \|)"};
  return find_all(text.str(), option);
}

} // namespace

TEST_CASE("the documentation has every option with its default") {
  auto help = of_help();
  CHECK(help.size() > 30);
  CHECK(of_page() == help);
}
