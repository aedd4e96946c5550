#include "name_check.hpp"

#include <algorithm>
#include <array>

#include "cpp_names.hpp"
#include "failure.hpp"
#include "identifier.hpp"
#include "taken_names.hpp"
#include "template_file.hpp"

namespace flamigo::tool {

namespace {

/// Those of the libraries, which code of a user's names or macros do for it.
constexpr auto libraries
  = std::to_array<std::string_view>({"Catch", "boost", "caf"});

bool is_cpp(const template_file& x) {
  return x.path.ends_with(".cpp") || x.path.ends_with(".hpp");
}

/// What the templates say of the outside, such as `std` and `flamigo`.
bool is_from_outside(const std::string& word) {
  bool said = std::count(libraries.begin(), libraries.end(), word) > 0;
  for (auto& file : template_files())
    if (is_cpp(file)) {
      auto names = names_of(file.text);
      said = said || names.qualifiers.contains(word);
      for (auto& thing : names.things)
        if (thing.ends_with("::" + word))
          return false;
    }
  return said;
}

/// A namespace or a type of that name would hide what the code around it means.
void check_hides_nothing(const project& in, std::string_view what,
                         const std::string& name) {
  if (is_from_outside(name) || taken_names{in.root()}.is_from_outside(name))
    refuse_name(what, name,
                "inside of it, " + name
                  + "::... would not be what the code around it means");
}

/// Members of what the template makes.
bool is_member_of_event(const std::string& word) {
  template_values values{{{"domain", "any_domain"}, {"event", "any_event"}},
                         features::parse("websocket")};
  auto files = template_files();
  return std::any_of(files.begin(), files.end(), [&](auto& file) {
    return file.path.starts_with("event/")
           && names_of(fill_in(file.text, values)).inner.contains(word);
  });
}

} // namespace

void check_domain_name(const project& in, const std::string& domain) {
  check_no_macro("a domain", domain);
  // PROTOCOL: what a connection itself answers.
  if (domain == "websocket")
    refuse_name("a domain", domain,
                "the strategies app::websocket:... are Flamigo's own");
  check_hides_nothing(in, "a domain", domain);
  if (in.has_domain(domain))
    throw failure{"there is a domain \"" + domain
                  + "\" already: add to it with `flamigo add strategy app::"
                  + domain + ":ACTION`, or choose another name"};
  if (auto file = taken_names{in.root()}.where("app::" + domain); !file.empty())
    refuse_name("a domain", domain,
                "there is app::" + domain + " already, in " + file);
}

void check_action_name(const std::string& action) {
  check_word("an action", action);
  if (action.ends_with('_'))
    refuse_name("an action", action,
                "two underscores in a row, as in " + action
                  + "_input, are the compiler's");
}

void check_event_name(const project& in, const std::string& event) {
  check_no_macro("an event", event);
  check_hides_nothing(in, "an event", event);
  if (is_member_of_event(event))
    refuse_name("an event", event, "it has a member of that name");
}

void require_domain(const project& in, const std::string& domain) {
  if (in.has_domain(domain))
    return;
  check_domain_name(in, domain);
  throw failure{"there is no domain \"" + domain
                + "\" yet: make it with `flamigo add domain " + domain + "`"};
}

namespace {

[[noreturn]] void refuse_taken(std::string_view what, const std::string& name,
                               const std::string& thing,
                               const std::string& file) {
  refuse_name(what, name, "there is " + thing + " already, in " + file);
}

} // namespace

void check_new_names(const changes& to, const project& in,
                     std::string_view what, const std::string& name) {
  taken_names taken{in.root()};
  for (auto& [path, text] : to.created())
    for (auto& thing : names_of(text).things) {
      auto word = thing.substr(thing.rfind(':') + 1);
      check_no_macro(what, word);
      if (auto file = taken.where(thing); !file.empty())
        refuse_taken(what, name, thing, file);
    }
}

} // namespace flamigo::tool
