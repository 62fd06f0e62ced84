package fakealtegio

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// The answer to the question how an application and a location are connected (Developer Tools
// 1.0.0, https://developer.alteg.io/en/developers/openapi). currency_iso is only in the document of the sibling
// platform (https://developers.yclients.com), where refunded_at was seen as well.
type (
	statusData struct {
		Logs       []statusLog      `json:"logs"`
		Payments   []statusPayment  `json:"payments"`
		Connection statusConnection `json:"connection_status"`
	}
	statusLog struct {
		ChangedAt string `json:"changed_at"`
		From      string `json:"status_from"`
		To        string `json:"status_to"`
		Source    string `json:"source"`
	}
	statusPayment struct {
		ID         int64       `json:"id"`
		Sum        json.Number `json:"payment_sum"`
		Currency   string      `json:"currency_iso"`
		Date       string      `json:"payment_date"`
		IsRefunded bool        `json:"is_refunded"`
		RefundedAt *string     `json:"refunded_at"`
		From       string      `json:"period_from"`
		To         string      `json:"period_to"`
	}
	statusConnection struct {
		Status    string `json:"status"`
		CreatedAt string `json:"created_at"`
	}
)

func (p *Platform) status(dev *developer, c *call) answer {
	if _, refused := p.access(dev, c.application); refused != nil {
		return refused.answer()
	}
	in, zone := p.world.installation(c.application, c.location)
	if in.State == journal.StateNone || in.State == journal.StateUninstalled {
		return notFound(journal.RefusedNotInstalled).answer()
	}
	local := func(t time.Time) string { return t.In(zone).Format(time.DateTime) }
	data := statusData{
		Logs:       make([]statusLog, len(in.History)),
		Payments:   make([]statusPayment, len(in.Payments)),
		Connection: statusConnection{Status: in.State, CreatedAt: local(in.Created)},
	}
	for i, ch := range in.History {
		data.Logs[i] = statusLog{ChangedAt: local(ch.At), From: ch.From, To: ch.To, Source: ch.Source}
	}
	for i, pay := range in.Payments {
		data.Payments[i] = statusPayment{
			ID: pay.ID, Sum: json.Number(pay.Sum), Currency: pay.Currency,
			Date: local(pay.Date), From: local(pay.From), To: local(pay.To),
		}
		if !pay.RefundedAt.IsZero() {
			at := local(pay.RefundedAt)
			data.Payments[i].IsRefunded, data.Payments[i].RefundedAt = true, &at
		}
	}
	return jsonAnswer(http.StatusOK, envelope{Success: true, Data: data, Meta: emptyList})
}

// uninstall answers the disconnect from the partner's side.
func (p *Platform) uninstall(dev *developer, c *call) answer {
	if _, refused := p.access(dev, c.application); refused != nil {
		return refused.answer()
	}
	ts, err := p.world.disconnect(c.application, c.location, sourcePartner, "disconnected by the integration")
	if err != nil {
		return notFound(journal.RefusedNotInstalled).answer()
	}
	p.recordTransitions(ts)
	return jsonAnswer(http.StatusOK, envelope{Success: true, Meta: emptyObject}).because(choiceOwnUninstall)
}

// locations answers with one page of the locations at which the application is installed.
func (p *Platform) locations(dev *developer, c *call) answer {
	if _, refused := p.access(dev, c.application); refused != nil {
		return refused.answer()
	}
	query := c.r.URL.Query()
	page, _ := strconv.Atoi(query.Get("page"))
	count, _ := strconv.Atoi(query.Get("count"))
	if count < 1 || count > maxCount {
		count = maxCount
	}
	page = min(max(page, 1), maxCount) // 0 and 1 are both the first
	found := p.world.installed(c.application, (page-1)*count, count)
	data := make([]map[string]any, len(found))
	for i, loc := range found {
		data[i] = loc.wire(p.Clock(loc.ID))
	}
	return jsonAnswer(http.StatusOK, envelope{Success: true, Data: data, Meta: emptyList}).because(choiceListStates, choiceListPaging)
}

// maxCount is the documented largest page (Developer Tools 1.0.0,
// https://developer.alteg.io/en/developers/openapi).
const maxCount = 1000

// wire is a location as the list has it: the documented fields, of which most say nothing here.
func (l Location) wire(now time.Time) map[string]any {
	offset := 0
	if zone, err := time.LoadLocation(l.Timezone); err == nil {
		_, offset = now.In(zone).Zone()
	}
	return map[string]any{
		"id": l.ID, "title": l.Title, "public_title": l.Title, "short_descr": "", "logo": "",
		"active": 1, "phone": l.Phone, "phones": []string{l.Phone}, "email": "",
		"country_id": 0, "country": l.Country, "city_id": 0, "city": l.City, "schedule": "",
		"timezone": offset / 3600, "timezone_name": l.Timezone, "address": l.Address,
		"coordinate_lat": l.Latitude, "coordinate_lon": l.Longitude, "phone_confirmation": false,
		"active_staff_count": 0, "next_slot": nil, "app_ios": nil, "app_android": nil,
		"currency_short_title": l.Currency, "reminds_sms_disabled": 0, "reminds_sms_default": 0,
		"group_priority": 0, "bookform_group_priority": 0, "description": "",
		"photos": emptyList, "company_photos": emptyList, "booking_widget_promo": nil,
	}
}
