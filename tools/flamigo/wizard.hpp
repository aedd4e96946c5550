#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "features.hpp"
#include "project_name.hpp"

namespace flamigo::tool {

/// Asks a person what a new project is to be. An answer that cannot be is asked
/// for again; when the input ends, `failure` is thrown.
class wizard {
public:
  wizard(std::istream& in, std::ostream& out);

  project_name ask_name();

  features ask_features();

  /// Enter means `usual`.
  bool ask(std::string_view question, bool usual);

private:
  std::string answer();

  std::istream& in_;
  std::ostream& out_;
};

} // namespace flamigo::tool
