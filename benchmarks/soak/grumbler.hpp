#pragma once

#include "visitor.hpp"

namespace flamigo::soak {

/// Calls what fails, again and again: each time is a line in the server's log.
class grumbler : public visitor {
public:
  using visitor::visitor;

  void leave() override {
    vanish();
  }

  void received(load::connection&, std::string_view) override {
    call();
  }

protected:
  std::string_view name() const override {
    return "failing requests";
  }

  void greeted() override {
    for (int i = 0; i < 8; ++i)
      call();
  }

  void ended(std::string_view failure) override {
    if (!stage_.ending)
      fault("a client that does nothing wrong stays connected", failure);
  }

private:
  void call() {
    line_.send(R"({"topic":"app::fault:exception","ackId":1})");
  }
};

} // namespace flamigo::soak
