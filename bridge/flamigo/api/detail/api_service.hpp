#pragma once

#include <memory>
#include <string>

#include <caf/expected.hpp>

#include "flamigo/api/detail/idempotency_memory.hpp"
#include "flamigo/api/detail/key_store.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/context/context.hpp"
#include "flamigo/history/history_engine.hpp"
#include "flamigo/http/http_routes.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo::detail {

struct publication;

/// The operations of the publishing API. Each takes a request and gives the
/// JSON that answers it. Thread-safe.
class api_service {
public:
  /// All of it outlives the service; the history is null where there is none.
  struct environment {
    const roster& connections;
    const channel_registry& channels;
    history_engine* history;
    const domain_health& domains;
  };

  /// Mounts all of it.
  static void mount(http_routes& to, const environment& env,
                    std::shared_ptr<const key_store> keys);

private:
  using operation = task<std::string> (api_service::*)(context ctx,
                                                       http_request in);

  /// One of them, behind its scope.
  struct route {
    std::shared_ptr<api_service> service;
    std::shared_ptr<const key_store> keys;
    std::string_view scope;
    operation run;

    task<http_response> operator()(context ctx, http_request in) const;
  };

  explicit api_service(const environment& env) : env_(env) {
  }

  task<std::string> publish(context ctx, http_request in);

  task<std::string> publish_batch(context ctx, http_request in);

  task<std::string> disconnect(context ctx, http_request in);

  task<std::string> presence(context ctx, http_request in);

  task<std::string> history(context ctx, http_request in);

  task<std::string> info(context ctx, http_request in);

  task<std::string> call(context ctx, http_request in);

  /// Whether it was a repetition, and nothing was published.
  caf::expected<bool> publish_one(const context& ctx, const http_request& in,
                                  publication what);

  environment env_;
  idempotency_memory remembered_;
};

} // namespace flamigo::detail
