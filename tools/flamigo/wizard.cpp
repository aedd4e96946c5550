#include "wizard.hpp"

#include <istream>
#include <ostream>

#include "failure.hpp"
#include "words.hpp"

namespace flamigo::tool {

wizard::wizard(std::istream& in, std::ostream& out) : in_(in), out_(out) {
}

std::string wizard::answer() {
  std::string line;
  out_.flush();
  if (!std::getline(in_, line)) {
    out_ << '\n';
    throw failure{"no answer came, and nothing was written"};
  }
  return std::string{trim(line)};
}

project_name wizard::ask_name() {
  for (;;) {
    out_ << "Name of the project: ";
    auto text = answer();
    try {
      return project_name{text};
    } catch (const failure& e) {
      out_ << "  " << e.what() << '\n';
    }
  }
}

features wizard::ask_features() {
  features result;
  for (auto x : all_features) {
    if (features::needs_websocket(x) && !result.has(feature::websocket))
      continue;
    auto question = to_string(x) + " (" + std::string{describe(x)} + ")";
    if (ask(question, features::usual().has(x)))
      result.add(x);
  }
  return result;
}

bool wizard::ask(std::string_view question, bool usual) {
  for (;;) {
    out_ << question << (usual ? " [Y/n] " : " [y/N] ");
    auto text = answer();
    if (text.empty())
      return usual;
    if (text == "y" || text == "Y" || text == "yes")
      return true;
    if (text == "n" || text == "N" || text == "no")
      return false;
    out_ << "  please answer y or n\n";
  }
}

} // namespace flamigo::tool
