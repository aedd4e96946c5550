// The server that the soak torments: strategies inline and hosted,
// subscriptions with and without handlers, events from clients, from a domain
// actor and from a thread of the program, and the mistakes of an author. It
// counts what happens to it: GET /report, and one line of JSON on standard
// output at its end.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>

#include <malloc.h>

#include <caf/send.hpp>

#include <flamigo/application/application.hpp>
#include <flamigo/json/json.hpp>

#include "census.hpp"
#include "desk.hpp"
#include "faults.hpp"
#include "messages.hpp"
#include "publisher_thread.hpp"
#include "server_report.hpp"
#include "strategies.hpp"

namespace {

using namespace flamigo::soak;

struct counters {
  census connections;
  std::atomic<std::uint64_t> desk_published = 0;
};

flamigo::http_response json(const server_report& what) {
  return {.content_type = "application/json", .body = flamigo::to_json(what)};
}

void mount(flamigo::application& app, const counters& all,
           publisher_thread& thread) {
  using request = flamigo::http_request;
  app.http().handle("GET", "/report", [&](const request&) {
    // What the allocator keeps for later is no memory that anybody needs.
    ::malloc_trim(0);
    server_report result;
    all.connections.write(result);
    result.in_roster = app.connections().open();
    result.desk_published = all.desk_published;
    result.publishing = thread.publishing();
    result.thread_published = thread.published();
    return json(result);
  });
  app.http().handle("POST", "/publish", [&](const request& what) {
    thread.publish(what.query == "yes");
    return flamigo::http_response{};
  });
  app.strategies().add("app::soak:loud", [&](const duration& in) {
    thread.be_loud(std::chrono::milliseconds{in.ms});
  });
}

int serve(int argc, char** argv, counters& all) {
  flamigo::application app{argc, argv};
  auto slow = app.system().spawn(snail);
  add_strategies(app.strategies(), slow);
  add_faults(app.strategies(), slow);
  app.host(census_taker, &all.connections);
  app.host(desk, &all.desk_published);
  // It goes on while the server ends, as a program's own threads may.
  publisher_thread thread{app.bus(), app.connections()};
  mount(app, all, thread);
  auto status = app.run();
  caf::anon_send_exit(slow, caf::exit_reason::user_shutdown);
  return status;
}

} // namespace

int main(int argc, char** argv) {
  counters all;
  auto status = serve(argc, argv, all);
  server_report last;
  all.connections.write(last);
  std::puts(flamigo::to_json(last).c_str());
  return status;
}
