#include "init.hpp"

#include <ostream>

#include "changes.hpp"
#include "client_package.hpp"
#include "failure.hpp"
#include "generate.hpp"
#include "project.hpp"
#include "wizard.hpp"

namespace flamigo::tool {

namespace fs = std::filesystem;

namespace {

void require_answers(const init_options& options) {
  if (options.name.empty() || (!options.with && !options.yes))
    throw failure{
      "there is no terminal to ask on, so say it all: `flamigo "
      "init NAME --with websocket,config,example`, or `flamigo init "
      "NAME --yes` for just that; auth, page and cluster are there as well"};
}

void require_empty(const fs::path& root, bool force) {
  if (fs::exists(root) && !fs::is_directory(root))
    throw failure{root.string() + " is a file: choose another name"};
  if (!force && fs::exists(root) && !fs::is_empty(root))
    throw failure{root.string()
                  + " is not empty: choose another name, or add "
                    "--force, which never overwrites a file either"};
}

} // namespace

void init(const init_options& options, const fs::path& where, bool terminal,
          std::istream& in, std::ostream& out) {
  auto asks = terminal && !options.yes;
  if (!asks)
    require_answers(options);
  wizard person{in, out};
  auto here = options.name == ".";
  auto called = options.name.empty()
                  ? person.ask_name()
                  : project_name{here ? where.filename().string()
                                      : options.name};
  auto root = here ? where : where / called.text();
  // Before anybody answers questions in vain.
  require_empty(root, options.force);
  auto with = options.with ? features::parse(*options.with)
              : asks       ? person.ask_features()
                           : features::usual();
  changes to{root};
  if (with.has(feature::page))
    to.create("page/" + std::string{client_package},
              read_client_package(options.data));
  if (asks) {
    out << "\n  " << called.text() << " in " << root.string() << "\n  with "
        << with.text() << "\n\n";
    if (!person.ask("Make it?", true))
      throw failure{"nothing was written"};
  }
  generate_project(to, {root, called, with});
  to.apply(out);
  out << "\nRun it:   " << (here ? "" : "cd " + called.text() + " && ")
      << "scripts/run\nTest it:  scripts/test\n";
  if (with.has(feature::page))
    out << "Its page: scripts/page\n";
}

} // namespace flamigo::tool
