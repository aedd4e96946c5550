#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace flamigo::detail {

/// The sessions of a server whose requests come one by one, perhaps to several
/// threads, by what each calls its `id()`: a secret of its client. From any
/// thread.
template <class Session>
class session_registry {
public:
  void add(std::shared_ptr<Session> what) {
    std::scoped_lock lock{mtx_};
    by_id_.emplace(what->id(), std::move(what));
  }

  /// Null if there is none.
  std::shared_ptr<Session> find(std::string_view id) const {
    std::scoped_lock lock{mtx_};
    auto i = by_id_.find(std::string{id});
    return i != by_id_.end() ? i->second : nullptr;
  }

  void remove(const Session& what) {
    // The last reference goes behind the lock.
    std::shared_ptr<Session> last;
    std::scoped_lock lock{mtx_};
    if (auto i = by_id_.find(what.id()); i != by_id_.end()) {
      last = std::move(i->second);
      by_id_.erase(i);
    }
  }

  std::size_t size() const {
    std::scoped_lock lock{mtx_};
    return by_id_.size();
  }

private:
  mutable std::mutex mtx_;
  std::unordered_map<std::string, std::shared_ptr<Session>> by_id_;
};

} // namespace flamigo::detail
