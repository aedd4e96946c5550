#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/remote/remote_place.hpp"

namespace flamigo::detail {

/// A function of the program that hears an event.
struct remote_ear {
  using function = std::function<void(const std::string&, const remote_place&)>;

  explicit remote_ear(function f) : hear(std::move(f)) {
  }

  function hear;
  /// Any thread ends it; then it hears nothing more.
  std::atomic<bool> ended = false;
};

/// Who listens to what.
class remote_listeners {
public:
  void add(const std::string& event, std::shared_ptr<remote_ear> ear) {
    auto& all = all_[event];
    std::erase_if(all, [](auto& x) { return x->ended.load(); });
    all.push_back(std::move(ear));
  }

  /// One that throws does not keep the others from hearing it.
  void tell(const std::string& event, const std::string& payload,
            const remote_place& where) const {
    auto i = all_.find(event);
    if (i == all_.end())
      return;
    for (auto& x : i->second)
      if (!x->ended)
        guarded_or_logged([&] { x->hear(payload, where); },
                          [&] { return "hearing " + event; });
  }

private:
  std::map<std::string, std::vector<std::shared_ptr<remote_ear>>> all_;
};

} // namespace flamigo::detail
