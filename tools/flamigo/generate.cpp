#include "generate.hpp"

#include "name_check.hpp"
#include "template_file.hpp"

namespace flamigo::tool {

namespace {

template_values values_of(const project& x) {
  return {{{"project", x.name()},
           {"features", x.with().text()},
           {"version", FLAMIGO_VERSION},
           {"series", FLAMIGO_SERIES}},
          x.with()};
}

/// As above, for what goes into a domain.
template_values values_of(const project& x, const std::string& domain) {
  auto result = values_of(x);
  result.texts.emplace("domain", domain);
  result.store = x.has_store(domain);
  return result;
}

/// Makes all files of a folder of `templates/`.
void create_all(changes& to, std::string_view folder,
                const template_values& values) {
  auto prefix = std::string{folder} + "/";
  for (auto& file : template_files())
    if (file.path.starts_with(prefix))
      to.create(fill_in(file.path.substr(prefix.size()), values),
                fill_in(file.text, values));
}

void create_domain(changes& to, const project& in, const std::string& domain,
                   bool empty) {
  auto values = values_of(in, domain);
  values.store = !empty;
  create_all(to, "domain", values);
  create_all(to, empty ? "domain_empty" : "domain_items", values);
}

void host_domain(changes& to, const std::string& domain, bool empty) {
  auto path = "domains/" + domain;
  auto name = "app::" + domain + "::";
  auto includes = "#include \"" + path + "/app/domain.hpp\"";
  auto host = "app.host(" + name + "domain";
  if (!empty) {
    includes += "\n#include \"" + path + "/infrastructure/memory_store.hpp\"";
    host += ", " + name + "make_memory_store";
  }
  to.insert("main.cpp", "includes", includes);
  to.insert("main.cpp", "domains", host + ");");
}

} // namespace

void generate_project(changes& to, const project& what) {
  auto values = values_of(what);
  create_all(to, "project", values);
  for (auto x : all_features)
    if (what.with().has(x))
      create_all(to, to_string(x), values);
  if (what.with().has_options())
    create_all(to, "options", values);
  if (what.with().has(feature::example)) {
    create_domain(to, what, "notes", false);
    host_domain(to, "notes", false);
  }
}

void generate_domain(changes& to, const project& in, const std::string& domain,
                     bool empty) {
  check_domain_name(in, domain);
  create_domain(to, in, domain, empty);
  to.require_new();
  check_new_names(to, in, "a domain", domain);
  host_domain(to, domain, empty);
}

void generate_strategy(changes& to, const project& in,
                       const std::string& domain, const std::string& action) {
  check_action_name(action);
  require_domain(in, domain);
  auto values = values_of(in, domain);
  values.texts.emplace("action", action);
  create_all(to, "strategy", values);
  to.require_new();
  check_new_names(to, in, "an action", action);
  auto path = "domains/" + domain + "/app/";
  to.insert(path + "domain.cpp", "includes", "#include \"" + action + ".hpp\"");
  to.insert(path + "domain.cpp", "strategies", action + "_strategy(self),");
}

void generate_event(changes& to, const project& in, const std::string& domain,
                    const std::string& event) {
  require_domain(in, domain);
  check_event_name(in, event);
  auto values = values_of(in, domain);
  values.texts.emplace("event", event);
  create_all(to, "event", values);
  to.require_new();
  check_new_names(to, in, "an event", event);
}

} // namespace flamigo::tool
