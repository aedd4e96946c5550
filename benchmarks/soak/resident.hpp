#pragma once

#include <string_view>

#include "../load/delivery_ledger.hpp"
#include "worker.hpp"

namespace flamigo::soak {

/// A worker that stays all the time and hears all that is published for all.
class resident : public worker {
public:
  /// Publishers that are no clients: the program's thread and a domain actor.
  static constexpr std::size_t other_publishers = 2;

  resident(stage& on, load::delivery_ledger& heard, std::size_t index)
    : worker(on, job_of(index)), heard_(heard), index_(index) {
  }

protected:
  std::string_view name() const override {
    return "resident";
  }

  void count(std::uint64_t publisher, std::uint64_t number) override {
    heard_.heard(index_, publisher, number);
    worker::count(publisher, number);
  }

private:
  static job job_of(std::size_t index) {
    job result;
    result.publisher = other_publishers + index;
    result.how = static_cast<ear>(index % 4);
    result.patterns = {"soak"};
    result.hears_all = true;
    result.other_handler = index % 3 == 0;
    result.depth = 2;
    result.pace = std::chrono::milliseconds{5};
    return result;
  }

  load::delivery_ledger& heard_;
  std::size_t index_;
};

} // namespace flamigo::soak
