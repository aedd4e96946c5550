// The command line tool: makes projects, adds to them, and looks into them.

#include <filesystem>
#include <functional>
#include <iostream>
#include <optional>
#include <string>

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "add.hpp"
#include "captures.hpp"
#include "client_package.hpp"
#include "contract.hpp"
#include "deployment_probe.hpp"
#include "doctor.hpp"
#include "failure.hpp"
#include "init.hpp"
#include "routes.hpp"

namespace {

using namespace flamigo::tool;

project here() {
  return project::find(std::filesystem::current_path());
}

/// The command line of `flamigo add`.
struct addition {
  std::string name{};
  std::string domain{};
  bool empty = false;
};

/// One of which it counts whether it was given, be it with an empty text.
CLI::Option* add_optional(CLI::App& cmd, const std::string& name,
                          std::optional<std::string>& to,
                          const std::string& about) {
  return cmd.add_option_function<std::string>(
    name, [&to](const std::string& text) { to = text; }, about);
}

void define_init(CLI::App& program, init_options& options) {
  auto cmd = program.add_subcommand("init", "Make a project");
  cmd->add_option("name", options.name,
                  "Its name, and the folder that is made; . for this one");
  cmd->add_option("--with", options.with,
                  "Features: websocket,socketio,auth,page,config,example, or "
                  "none");
  cmd->add_flag(
    "--yes", options.yes,
    "Ask nothing: websocket,config,example unless --with says else");
  cmd->add_flag("--force", options.force,
                "Into a folder that is not empty; no file is overwritten");
  cmd->callback([&options] {
    options.data = data_directory();
    auto terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
    init(options, std::filesystem::current_path(), terminal, std::cin,
         std::cout);
  });
}

/// One that only leads to others says which there are.
void lead_on(CLI::App& cmd) {
  cmd.require_subcommand(0, 1);
  cmd.callback([&cmd] {
    if (cmd.get_subcommands().empty())
      std::cout << cmd.help();
  });
}

void define_add(CLI::App& program, addition& x) {
  auto cmd = program.add_subcommand("add", "Add to the project around here");
  lead_on(*cmd);
  auto add = [&](const char* kind, const char* text, const char* example) {
    auto sub = cmd->add_subcommand(kind, text);
    sub->add_option("name", x.name, example)->required();
    return sub;
  };
  auto domain = add("domain", "A domain actor with its tests", "E.g. orders");
  domain->add_flag("--empty", x.empty,
                   "Without the items that every other one begins with");
  domain->callback([&x] { add_domain(here(), x.name, x.empty, std::cout); });
  add("strategy", "A strategy of a domain, with its test",
      "E.g. app::orders:cancel")
    ->callback([&x] { add_strategy(here(), x.name, std::cout); });
  auto event = add("event", "An event of a domain", "E.g. cancelled");
  event->add_option("--domain", x.domain, "Needed when there are several");
  event->callback([&x] { add_event(here(), x.name, x.domain, std::cout); });
  cmd->add_subcommand("websocket", "Tells how a project gets a WebSocket")
    ->callback([] { add_websocket(here()); });
}

/// The command line of `flamigo doctor`.
struct examination {
  std::string url{};
  probe_options options{};
  int ping = 40;
  int drain = 0;
};

void define_doctor(CLI::App& program, examination& x, int& status) {
  auto cmd = program.add_subcommand(
    "doctor", "Tell what is missing on this machine to build, and what is "
              "doubtful in the project around here");
  auto url = cmd->add_option("--running", x.url,
                             "Look at a program that runs instead, from "
                             "outside: its URL, with the path if that is not "
                             "/ws");
  cmd
    ->add_option("--token", x.options.token,
                 "Shown by the handshake, where clients authenticate")
    ->needs(url);
  cmd
    ->add_option("--ca", x.options.authority_file,
                 "PEM file of who has signed its certificate")
    ->needs(url);
  cmd
    ->add_option("--ping", x.ping,
                 "Seconds to wait for the ping of a connection that is silent")
    ->capture_default_str()
    ->check(CLI::Range(1, 3600))
    ->needs(url);
  cmd
    ->add_option("--drain", x.drain,
                 "Seconds to wait for the program to be stopped, to see how "
                 "that ends connections")
    ->check(CLI::Range(1, 3600))
    ->needs(url);
  cmd->callback([&x, &status, url] {
    if (url->count() > 0) {
      x.options.where = deployment::parse(x.url);
      x.options.ping = std::chrono::seconds{x.ping};
      x.options.drain = std::chrono::seconds{x.drain};
      auto tell = [](const observation& seen) {
        std::cout << seen << std::flush;
      };
      status = examine_deployment(x.options, tell) ? 0 : 1;
      return;
    }
    status = report(examine(), this_distribution(), std::cout) ? 0 : 1;
    if (auto root = project::root_of(std::filesystem::current_path()))
      report(find_captures(*root), std::cout);
  });
}

void define_routes(CLI::App& program, routes_options& x, int& status) {
  auto cmd = program.add_subcommand(
    "routes", "Build the project and list its strategies");
  auto as = add_optional(*cmd, "--as", x.as,
                         "What this one may call instead: guest, user, or "
                         "user:PERMISSION,...");
  auto matrix = add_optional(*cmd, "--matrix", x.matrix,
                             "Compare who may call what with this file, "
                             "and end with 1 where it differs");
  cmd->add_flag("--write", x.write, "Write that file")->needs(matrix);
  as->excludes(matrix);
  cmd->callback([&x, &status] { status = routes(here(), x, std::cout); });
}

/// Such as go with what is printed, but not with a comparison.
void refuse_options(const CLI::App& cmd) {
  auto given = [](const CLI::Option* each) { return each->count() > 0; };
  for (auto each : cmd.get_options(given))
    throw failure{"diff compares two contracts as they are: leave out "
                  + each->get_name()};
}

void define_contract(CLI::App& program, contract_options& x, int& status) {
  auto cmd = program.add_subcommand(
    "contract", "Build the project and print what it promises its clients");
  add_optional(*cmd, "--from", x.from,
               "A file that has it; nothing is built then");
  auto typescript = cmd->add_flag("--typescript", x.typescript,
                                  "The types for @flamigo/client instead");
  auto asyncapi = cmd->add_flag("--asyncapi", x.asyncapi,
                                "A document of AsyncAPI 3 instead");
  asyncapi->excludes(typescript);
  cmd
    ->add_flag("--openapi", x.openapi,
               "A document of OpenAPI 3.1 for its plain HTTP instead")
    ->excludes(typescript)
    ->excludes(asyncapi);
  add_optional(*cmd, "-o,--output", x.to, "Write it to this file");
  auto diff = cmd->add_subcommand(
    "diff", "Compare two such files, and end with 1 where clients would break");
  auto before = diff->add_option("old",
                                 "The contract that clients were made for");
  auto after = diff->add_option("new", "That of the program as it is to be");
  before->required();
  after->required();
  diff->callback([=, &status] {
    refuse_options(*cmd);
    status = contract_diff(before->as<std::string>(), after->as<std::string>(),
                           std::cout)
               ? 0
               : 1;
  });
  cmd->callback([cmd, &x] {
    if (cmd->get_subcommands().empty())
      contract(x, std::cout);
  });
}

} // namespace

int main(int argc, char** argv) {
  CLI::App program{"Flamigo: a realtime framework for C++ backends", "flamigo"};
  program.set_version_flag("--version", FLAMIGO_VERSION);
  lead_on(program);
  init_options options;
  addition added;
  int status = 0;
  define_init(program, options);
  define_add(program, added);
  routes_options routes_wanted;
  define_routes(program, routes_wanted, status);
  contract_options contract_wanted;
  define_contract(program, contract_wanted, status);
  examination examined;
  define_doctor(program, examined, status);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return program.exit(e);
  } catch (const std::exception& e) {
    std::cerr << "flamigo: " << e.what() << '\n';
    return 1;
  }
  return status;
}
