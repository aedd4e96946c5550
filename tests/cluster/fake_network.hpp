#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "flamigo/cluster/detail/node_transport.hpp"

namespace flamigo::test {

/// Carries frames between nodes of one process when the test says so, and does
/// to them what a network does.
class fake_network {
public:
  explicit fake_network(std::uint32_t seed = 1) : random(seed) {
  }

  /// What one node sees of it.
  class end final : public detail::node_transport {
  public:
    explicit end(fake_network& on) : on_(on) {
    }

    void start(const std::string& id, detail::transport_receiver& to) override {
      id_ = id;
      on_.ends_[id] = &to;
      to.connected();
    }

    void stop() override {
      on_.ends_.erase(id_);
    }

    bool send(std::string_view to, std::string_view frame) override {
      if (refuses > 0) {
        --refuses;
        return false;
      }
      on_.post(id_, std::string{to}, says(std::string{frame}));
      return true;
    }

    bool send_all(std::string_view frame) override {
      for (auto& [id, who] : std::map{on_.ends_})
        on_.post(id_, id, says(std::string{frame}));
      return true;
    }

    /// How its program writes what this one does.
    std::function<std::string(std::string)> says = [](std::string frame) {
      return frame;
    };

    /// As many of the next frames to one node, since too much waits.
    int refuses = 0;

  private:
    fake_network& on_;
    std::string id_;
  };

  /// Of a hundred frames.
  unsigned lost = 0;
  unsigned twice = 0;
  unsigned overtaking = 0;

  /// Lets no frame pass between those in `some` and the others.
  void split(std::set<std::string> some) {
    apart_ = std::move(some);
  }

  void heal() {
    apart_.clear();
  }

  /// Delivers what is on its way, and what is sent meanwhile.
  void run() {
    while (!way_.empty()) {
      std::size_t i = 0;
      if (overtaking > 0 && random() % 100 < overtaking)
        i = random() % way_.size();
      auto what = std::move(way_[i]);
      way_.erase(way_.begin() + static_cast<std::ptrdiff_t>(i));
      if (auto to = ends_.find(what.to); to != ends_.end())
        around(what.to, [&] { to->second->received(what.frame); });
    }
  }

  /// Called with a node that something comes to and with what has to be done
  /// there.
  std::function<void(const std::string&, const std::function<void()>&)> around
    = [](auto&, auto& body) { body(); };

  std::mt19937 random;

private:
  struct message {
    std::string to;
    std::string frame;
  };

  void post(const std::string& from, std::string to, std::string frame) {
    if (apart_.contains(from) != apart_.contains(to))
      return;
    if (lost > 0 && random() % 100 < lost)
      return;
    auto copies = twice > 0 && random() % 100 < twice ? 2 : 1;
    for (auto i = 0; i < copies; ++i)
      way_.push_back({to, frame});
  }

  std::map<std::string, detail::transport_receiver*> ends_;
  std::set<std::string> apart_;
  std::deque<message> way_;
};

} // namespace flamigo::test
