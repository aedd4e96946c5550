#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <flamigo/client/open_hook.hpp>
#include <flamigo/flamigo.hpp>

using namespace flamigo;

struct order {
  int count;

  void validate(std::vector<field_error>& errors) const {
    if (count == 0)
      errors.push_back({"count", "must not be 0"});
  }
};

BOOST_DESCRIBE_STRUCT(order, (), (count))

struct ordered {
  int count;

  topic topics() const {
    return topic{"orders"};
  }

  client_message to_client() const {
    return make_client_message("order", count);
  }
};

BOOST_DESCRIBE_STRUCT(ordered, (), (count))

struct not_const : order {
  void validate(std::vector<field_error>&) {
  }
};

BOOST_DESCRIBE_STRUCT(not_const, (order), ())

struct of_copy : order {
  void validate(std::vector<field_error>) const {
  }
};

BOOST_DESCRIBE_STRUCT(of_copy, (order), ())

struct told_mutably : ordered {
  client_message to_client() {
    return make_client_message("order", count);
  }
};

BOOST_DESCRIBE_STRUCT(told_mutably, (ordered), ())

struct of_text : order {
  std::string topics() const {
    return "orders";
  }
};

BOOST_DESCRIBE_STRUCT(of_text, (order), ())

void add(strategy_registry& to, client& who) {
  to.add("app::shop:order", [](context& ctx, const order& in) -> caf::error {
    return ctx.publish(ordered{in.count});
  });
  (void) who.subscribe("orders", [](const ordered&) {});
  open_hook opened{[](context, client) -> task<void> { co_return ok; }};
  opened = [](client& self) { return self.subscribe("orders"); };
#ifdef MISTAKES
  // error: the function validate of this struct is not one that is called
  to.add("app::shop:order", [](const not_const&) {});
  // error: the function validate of this struct is not one that is called
  to.add("app::shop:order", [](const of_copy&) {});
  // error: the function to_client of this event is not one that is called
  to.add("app::shop:order",
         [](context& ctx) { return ctx.publish(told_mutably{}); });
  // error: give it a member function topics() const
  to.add("app::shop:order",
         [](context& ctx) { return ctx.publish(of_text{}); });
  // error: the function topics of this handler's struct is not one that is
  (void) who.subscribe("orders", [](const of_text&) {});
  // error: a coroutine given to on_open takes its parameters by value
  opened = [](client& self) -> task<void> {
    co_return self.subscribe("orders");
  };
  // error: on_open is given a function of (flamigo::client&), or of
  opened = [](const order&) {};
  // error: the function of on_open returns nothing or a caf::error, or
  opened = [](client&) { return 7; };
#endif
}
