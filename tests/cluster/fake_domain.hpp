#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <caf/event_based_actor.hpp>

#include "cluster/node_world.hpp"
#include "flamigo/cluster/detail/remote_invocation.hpp"
#include "flamigo/context/detail/call_notice.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/strategy/strategy.hpp"

namespace flamigo::test {

/// Stands for a hosted domain on one node, and leaves it to the test what
/// becomes of the calls of other nodes.
struct fake_domain {
  struct call {
    invocation what;
    std::unique_ptr<detail::late_reply> answer;
  };

  explicit fake_domain(std::size_t max_queued = 100'000)
    : slot(std::make_shared<domain_slot>(max_queued)) {
  }

  /// To be called once, with the names of its strategies.
  void host(node_world& in, node_world::node& on,
            const std::vector<std::string>& names, bool streams = false) {
    auto made = in.system.spawn([to = calls](caf::event_based_actor* self) {
      return caf::behavior{
        [=](detail::remote_invocation& what) {
          auto promise = self->make_response_promise();
          detail::reply_address whom{promise.source(),
                                     promise.id().response_id()};
          to->push_back(
            {std::move(what.what), std::make_unique<detail::late_reply>(whom)});
          return caf::delegated<strategy_reply>{};
        },
        [](const detail::call_notice& what) { what.apply(); },
      };
    });
    in.adopt(made);
    slot->set(made);
    for (auto& name : names) {
      strategy_info info;
      info.name = name;
      info.streams = streams;
      on.strategies.insert(strategy{std::move(info), {}, {slot, next++}});
    }
  }

  call& last() {
    return calls->back();
  }

  std::shared_ptr<domain_slot> slot;
  std::size_t next = 0;
  /// All that have come.
  std::shared_ptr<std::vector<call>> calls
    = std::make_shared<std::vector<call>>();
};

} // namespace flamigo::test
