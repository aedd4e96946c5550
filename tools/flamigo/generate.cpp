#include "generate.hpp"

#include "identifier.hpp"
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

/// Makes all files of a folder of `templates/`.
void create_all(changes& to, std::string_view folder,
                const template_values& values) {
  auto prefix = std::string{folder} + "/";
  for (auto& file : template_files())
    if (file.path.starts_with(prefix))
      to.create(fill_in(file.path.substr(prefix.size()), values),
                fill_in(file.text, values));
}

} // namespace

void generate_project(changes& to, const project& what) {
  auto values = values_of(what);
  create_all(to, "project", values);
  for (auto x : all_features)
    if (what.with().has(x))
      create_all(to, to_string(x), values);
  if (what.with().has(feature::example))
    generate_domain(to, what, "notes");
}

void generate_domain(changes& to, const project& in,
                     const std::string& domain) {
  check_identifier("a domain", domain);
  auto values = values_of(in);
  values.texts.emplace("domain", domain);
  create_all(to, "domain", values);
  auto path = "domains/" + domain;
  to.insert("main.cpp", "includes",
            "#include \"" + path + "/app/domain.hpp\"\n#include \"" + path
              + "/infrastructure/memory_store.hpp\"");
  to.insert("main.cpp", "domains",
            "app.host(app::" + domain + "::domain, app::" + domain
              + "::make_memory_store);");
}

void generate_strategy(changes& to, const project& in,
                       const std::string& domain, const std::string& action) {
  check_identifier("a domain", domain);
  // Its files and functions have more to their names than this.
  check_word("an action", action);
  in.require_domain(domain);
  auto values = values_of(in);
  values.texts.emplace("domain", domain);
  values.texts.emplace("action", action);
  create_all(to, "strategy", values);
  auto path = "domains/" + domain + "/app/";
  to.insert(path + "domain.cpp", "includes", "#include \"" + action + ".hpp\"");
  to.insert(path + "domain.cpp", "strategies", action + "_strategy(self),");
}

void generate_event(changes& to, const project& in, const std::string& domain,
                    const std::string& event) {
  check_identifier("a domain", domain);
  check_identifier("an event", event);
  in.require_domain(domain);
  auto values = values_of(in);
  values.texts.emplace("domain", domain);
  values.texts.emplace("event", event);
  create_all(to, "event", values);
}

} // namespace flamigo::tool
