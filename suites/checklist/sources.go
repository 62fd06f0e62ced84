package checklist

// The sources of the requirements. What an article says is summarised in our own words where a
// requirement uses it.
var (
	srcGuide = Source{
		"Step-by-step guide to placement in the marketplace (Altegio support)",
		"https://support.alteg.io/hc/en-us/articles/6745848593181",
	}
	srcConnect = Source{
		"Connecting the integration via marketplace (Altegio support)",
		"https://support.alteg.io/hc/en-us/articles/6746045060381",
	}
	srcDisable = Source{
		"Disabling the integration (Altegio support)",
		"https://support.alteg.io/hc/en-us/articles/6746174470685",
	}
	srcSubscriptions = Source{
		"Working with subscription payments (Altegio support)",
		"https://support.alteg.io/hc/en-us/articles/6746128692893",
	}
	srcUserData = Source{
		"Transferring user data when connecting (Altegio support)",
		"https://support.alteg.io/hc/en-us/articles/6756242694429",
	}
	srcMultiple = Source{
		"Connecting several locations (Altegio support)",
		"https://support.alteg.io/hc/en-us/articles/6756399400477",
	}
	srcDeveloperTools = Source{
		"Developer Tools 1.0.0 (developer.alteg.io)",
		"https://developer.alteg.io/en/developers/openapi",
	}
	srcPaymentPage = Source{
		"Notify Altegio of Successful Payment (developer.alteg.io)",
		"https://developer.alteg.io/en/developers/openapi/marketplace",
	}
	srcHub = Source{
		"altegio-integrations-hub-mcp, written by Altegio from the server's code (GitHub)",
		"https://github.com/altegio/altegio-integrations-hub-mcp",
	}
	srcSibling = Source{
		"REST API of YCLIENTS, the sibling platform",
		"https://developers.yclients.com",
	}
	// srcPractice has no URL: the finding is ours, from reading about thirteen public integrations
	// and the published notes of one that went through a live moderation.
	srcPractice = Source{Title: "Seen in public integrations and in the notes of a live moderation"}
)
