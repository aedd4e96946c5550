#include "flamigo/cluster/detail/cluster_leases.hpp"

#include <utility>

#include "flamigo/cluster/detail/calendar_time.hpp"
#include "flamigo/http/detail/random_id.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

cluster_leases::cluster_leases(std::string node_id, lease_store& store)
  : node_id_(std::move(node_id)), store_(store) {
}

void cluster_leases::add(const std::string& name, lease_options options,
                         std::shared_ptr<held_lease> what) {
  if (stops_)
    return;
  leases_.push_back(std::make_shared<one>(
    one{lease_keeper{random_id(), node_id_, std::move(options)}, name,
        std::move(what)}));
  go_on(leases_.back());
}

void cluster_leases::want(const held_lease& what, bool whether) {
  for (auto& it : leases_)
    if (it->what.get() == &what && it->keeper.want(lease_clock::now(), whether))
      return go_on(std::shared_ptr<one>{it});
}

void cluster_leases::end(const held_lease& what) {
  for (auto& it : leases_)
    if (it->what.get() == &what)
      it->keeper.end(lease_clock::now());
  tick();
}

void cluster_leases::tick() {
  auto all = leases_;
  for (auto& it : all)
    go_on(it);
  std::erase_if(leases_, [](auto& it) { return it->keeper.has_ended(); });
  if (stops_ && leases_.empty()) {
    std::lock_guard guard{mtx_};
    has_ended_ = true;
    ended_.notify_all();
  }
}

void cluster_leases::stop() {
  stops_ = true;
  for (auto& it : leases_)
    it->keeper.end(lease_clock::now());
  tick();
}

void cluster_leases::wait_for_end(std::chrono::milliseconds limit) {
  std::unique_lock guard{mtx_};
  ended_.wait_for(guard, limit, [this] { return has_ended_; });
}

void cluster_leases::go_on(const std::shared_ptr<one>& it) {
  auto what = it->keeper.next(lease_clock::now(), calendar_time());
  tell(*it);
  if (!what)
    return;
  auto answered = [this, it](auto&& answer) {
    answer(lease_clock::now());
    tell(*it);
    tick();
  };
  if (what->writes)
    store_.write(it->name, what->what, [it, answered](auto& revision) {
      answered([&](auto now) {
        revision ? it->keeper.written(now, *revision) : it->keeper.failed(now);
      });
    });
  else
    store_.read(it->name, [it, answered](auto& found) {
      answered([&](auto now) {
        found ? it->keeper.found(now, *found) : it->keeper.failed(now);
      });
    });
}

void cluster_leases::tell(one& it) {
  it.what->set_holder(it.keeper.holder());
  auto token = it.keeper.token(lease_clock::now());
  it.what->set(token, it.keeper.until());
  if (std::exchange(it.token, token) == token)
    return;
  log::info("cluster: the lease \"" + it.name + "\" is "
            + (token != 0 ? "held here, token " + std::to_string(token)
                          : "not held here any more"));
  it.what->call(token);
}

} // namespace flamigo::detail
